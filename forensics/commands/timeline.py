"""`timeline`: list everything that has a time."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from forensics.commands.common import add_common
from forensics.commands.reading import reading, say, spending
from forensics.wording import count


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "timeline",
        help="list everything that has a time, also for other tools",
        description="List everything that has a time: files, log lines, boots, certificates; and apart from it, what "
        "raft orders by index. `jsonl` has the fields that Timesketch asks for.",
    )
    add_common(parser)
    parser.add_argument(
        "--format", choices=("text", "csv", "jsonl"), default="text", help="what to print it as (default: text)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Gather the facts, judge nothing, and print the events."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.report.event_rows import FORMATS  # noqa: PLC0415 - as above
    from forensics.report.events import ordered  # noqa: PLC0415 - as above

    with spending(options) as budget, reading(options.inputs, budget) as evidence:
        case = pipeline.gather(evidence)
        sys.stdout.writelines(FORMATS[options.format](case))
        left = len(ordered(case)) if options.format == "jsonl" else 0
    if left and not options.quiet:
        events = count(left, "event")
        say(f"left out: {events} of raft's own order, with an index and no time (--format csv has them)")
    return 0
