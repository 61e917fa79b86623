"""`check`: run fixtures against what they expect."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common

if TYPE_CHECKING:
    from forensics.check.manifest import Fixture


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("check", help="run fixtures against what they expect (for CI)")
    parser.add_argument("fixtures", nargs="+", metavar="FIXTURE", help="a fixture's folder, or one that holds fixtures")
    parser.add_argument("--build", metavar="DIR", help="write each fixture's input here instead of running it")
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """One line a fixture, and below it what differs; 1 when one differs."""
    from forensics.check.manifest import find, load  # noqa: PLC0415 - heavy imports only where used

    fixtures = [load(folder) for folder in find(options.fixtures)]
    if options.build:
        for fixture in fixtures:
            sys.stdout.write(f"{_build(fixture, Path(options.build))}\n")
        return 0
    from forensics.check.run import differences, document_of  # noqa: PLC0415 - as above

    different = 0
    for fixture in fixtures:
        found = differences(fixture, document_of(fixture))
        different += bool(found)
        if found or not options.quiet:
            sys.stdout.write(f"{'DIFFERS' if found else 'ok':8} {fixture.name}: {fixture.title}\n")
        sys.stdout.writelines(f"           {line}\n" for line in found)
    if not options.quiet:
        sys.stdout.write(f"{len(fixtures)} fixtures, {different} different\n")
    return 1 if different else 0


def _build(fixture: Fixture, directory: Path) -> Path:
    from forensics.check.build import build, pack, write  # noqa: PLC0415 - heavy imports only where used

    name = fixture.name.replace("/", "-")
    if fixture.pack == "directory":
        write(build(fixture), directory / name)
        return directory / name
    directory.mkdir(parents=True, exist_ok=True)
    where = directory / f"{name}.{fixture.pack}"
    where.write_bytes(pack(build(fixture), fixture.pack))
    return where
