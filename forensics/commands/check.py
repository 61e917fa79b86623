"""`check`: analyse fixtures, and compare with what they expect."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, jobs
from forensics.exit_code import ExitCode
from forensics.wording import count

if TYPE_CHECKING:
    from forensics.check.manifest import Fixture


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "check",
        help="analyse fixtures, and compare with what they expect",
        description="Build the input of each fixture, analyse it, and say where the report differs from what the "
        "fixture expects; by as many processes as --jobs says. Exits 1 if one differs.",
    )
    parser.add_argument(
        "fixtures", nargs="+", metavar="FIXTURE", help="the folder of a fixture, or one with fixtures in it"
    )
    parser.add_argument("--build", metavar="DIR", help="write the inputs into DIR, and analyse nothing")
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a line for each fixture, and below it what differs."""
    from forensics.check.manifest import find, load  # noqa: PLC0415 - heavy imports only where used

    fixtures = sorted(map(load, find(options.fixtures)), key=_recording)
    if options.build:
        for fixture in fixtures:
            sys.stdout.write(f"{_build(fixture, Path(options.build))}\n")
        return ExitCode.OK
    from forensics.check.side_by_side import checked  # noqa: PLC0415 - as above

    different = 0
    for fixture, found in checked(fixtures, jobs(options)):
        different += bool(found)
        if found or not options.quiet:
            sys.stdout.write(f"{'DIFFERS' if found else 'ok':8} {fixture.name}: {fixture.title}\n")
        sys.stdout.writelines(f"           {line}\n" for line in found)
        sys.stdout.flush()  # the next ones may take minutes
    if not options.quiet:
        sys.stdout.write(f"{count(len(fixtures), 'fixture')}, {different} different\n")
    return ExitCode.FINDINGS if different else ExitCode.OK


def _recording(fixture: Fixture) -> str:
    """What it starts from: unpacked once for all that follow each other. The others come first."""
    return fixture.parts[0].based_on if fixture.parts else ""


def _build(fixture: Fixture, directory: Path) -> Path:
    from forensics.check.build import build, pack, write  # noqa: PLC0415 - heavy imports only where used

    name = fixture.name.replace("/", "-")
    if fixture.pack == "directory":
        write(build(fixture), directory / name)
        return directory / name
    directory.mkdir(parents=True, exist_ok=True)
    where = directory / f"{name}.{fixture.pack}"
    where.write_bytes(pack(build(fixture), fixture.pack, fixture.ends_before))
    return where
