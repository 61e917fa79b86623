"""`shrink`: the least of an input that still shows its findings, as a fixture for `check`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format, jobs, refuse_inside
from forensics.commands.outputs import new_directory
from forensics.commands.reading import reading, spending
from forensics.shown import plain
from forensics.wording import count, size

if TYPE_CHECKING:
    from forensics.shrink.run import Shrunk


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "shrink",
        help="write the least of an input that still shows its findings, as a fixture for `check`",
        description="Take away nodes, files, commands of the log and lines as long as the findings stay, and write "
        "what is left as a fixture: an archive, and fixture.toml with what must be found. Names and values stay what "
        "they are: `redact` first what others shall see.",
    )
    add_common(parser)
    parser.add_argument("-o", "--output", metavar="FIXTURE", required=True, help="a folder, which must not exist yet")
    parser.add_argument(
        "--finding", metavar="KEY", action="append", default=[], help="keep this finding, by its key, kind or rule; "
        "may be repeated (default: all at medium and above)",
    )  # fmt: skip
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Shrink, write, and say how small it became."""
    from forensics.shrink.fixture import write_fixture  # noqa: PLC0415 - heavy imports only where used
    from forensics.shrink.run import shrink  # noqa: PLC0415 - as above

    refuse_inside(options.output, options.inputs)
    with (
        spending(options) as budget,
        reading(options.inputs, budget, jobs(options)) as evidence,
        new_directory(options.output) as folder,
    ):
        done = shrink(evidence, options.finding)
        write_fixture(folder, done)
    _say(done, options)
    return 0


def _say(done: Shrunk, options: argparse.Namespace) -> None:
    if options.format == "json":
        told = {
            "before": done.before, "after": done.after, "files": sorted(done.tree), "runs": done.runs,
            "whole": done.whole, "findings": [finding.key for finding in done.findings],
        }  # fmt: skip
        sys.stdout.write(f"{json.dumps(told, indent=2)}\n")
        return
    end = "nothing more can go" if done.whole else "the time was over before all was tried"
    lines = [
        f"{options.output}: {size(done.before)} became {size(done.after)} in {count(len(done.tree), 'file')}; {end}",
        *(f"  keeps {finding.key}" for finding in done.findings),
    ]
    sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
