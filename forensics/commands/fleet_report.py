"""`fleet report`: a page of the whole, with a page for each case."""

from __future__ import annotations

import argparse
import os
from typing import Any

from forensics.commands.common import add_common
from forensics.commands.fleet_run import add_store
from forensics.commands.outputs import check_writable, make_directory, write_output
from forensics.commands.reading import say
from forensics.commands.terminal import Progress


def add(actions: Any) -> None:
    """Add the action and its arguments."""
    parser = actions.add_parser(
        "report",
        help="write a page of the whole, with a page for each case",
        description="Write index.html: cases by week, version, fault and rule, each with a link to its own page. "
        "Pages that are there already are kept.",
    )
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="where to write it")
    add_store(parser)
    add_common(parser, inputs=None)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the pages."""
    from forensics.fleet.page import facts_of, page  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.questions import asking  # noqa: PLC0415 - as above
    from forensics.fleet.store import opened  # noqa: PLC0415 - as above
    from forensics.report.formats import rendered  # noqa: PLC0415 - as above

    store = opened(options.store)
    with asking(store) as questions:
        facts = facts_of(questions)
    folder = os.path.join(options.output, "cases")
    make_directory(folder)
    index = os.path.join(options.output, "index.html")
    check_writable(index)
    with Progress(options) as progress:
        for number, key in enumerate(facts.keys, 1):
            path = os.path.join(folder, f"{key}.html")
            if os.path.exists(path):
                continue
            progress.say(f"page {number} of {len(facts.keys)}")
            text = rendered("html", store.report(key))
            if text is not None:
                write_output(path, text)
    write_output(index, page(facts))
    if not options.quiet:
        say(f"written: {index}")
    return 0
