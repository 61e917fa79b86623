"""`fleet status`, `fleet show`, `fleet top`, `fleet sql`: questions to a store."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from forensics.commands.common import add_common, add_format
from forensics.commands.fleet_run import add_store
from forensics.commands.rows import write_rows
from forensics.commands.terminal import as_text

_TOP = ("rule", "fault", "product", "version", "week")  # the keys of forensics.fleet.questions.TOP


def add(actions: Any) -> None:
    """Add the actions and their arguments."""
    status = actions.add_parser("status", help="how many cases ended how, and what was set aside")
    show = actions.add_parser("show", help="print the report of a case")
    show.add_argument("case", metavar="CASE", help="its name, or an end of it that no other name has")
    top = actions.add_parser("top", help="what the most cases have")
    top.add_argument("--by", choices=_TOP, default="fault", help="what to count cases by (default: fault)")
    top.add_argument("-n", "--rows", type=int, default=20, metavar="N", help="so many rows (default: 20)")
    sql = actions.add_parser(
        "sql",
        help="query the tables",
        description="One SELECT over the tables cases, inputs, nodes, faults, findings, checks and failures, in "
        "DuckDB's SQL. It reads nothing else, and writes nothing.",
    )
    sql.add_argument("query", metavar="QUERY", help="one SELECT")
    for parser, run, *more in (
        (status, run_status),
        (show, run_show),
        (top, run_top, "csv"),
        (sql, run_sql, "csv"),
    ):
        add_store(parser)
        add_common(parser, inputs=None)
        add_format(parser, *more)
        parser.set_defaults(run=run)


def run_status(options: argparse.Namespace) -> int:
    """Print how many cases ended how; and each that has no report, with each try and its reason."""
    from forensics.fleet.questions import ASIDE, STATUS, asking  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.store import opened  # noqa: PLC0415 - as above

    with asking(opened(options.store)) as questions:
        for number, query in enumerate((STATUS, ASIDE)):
            answer = questions.ask(query)
            rows = list(answer)
            if rows or not number:
                sys.stdout.write("\n" if number and options.format == "text" else "")
                write_rows(sys.stdout, answer.columns, rows, options.format)
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print the report of a case."""
    from forensics.fleet.lookup import case_named  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.questions import asking  # noqa: PLC0415 - as above
    from forensics.fleet.store import opened  # noqa: PLC0415 - as above

    store = opened(options.store)
    with asking(store) as questions:
        found = case_named(questions, options.case)
    if options.format == "json":
        sys.stdout.write(store.report_text(found.report_key()).decode())
    else:
        sys.stdout.write(as_text(store.report(found.report_key()), options))
    return 0


def run_top(options: argparse.Namespace) -> int:
    """Print what the most cases have."""
    from forensics.fleet.questions import TOP  # noqa: PLC0415 - heavy imports only where used

    return _ask(options, f"{TOP[options.by]} LIMIT {options.rows:d}")


def run_sql(options: argparse.Namespace) -> int:
    """Query the tables."""
    return _ask(options, options.query)


def _ask(options: argparse.Namespace, query: str) -> int:
    from forensics.fleet.questions import asking  # noqa: PLC0415 - heavy imports only where used
    from forensics.fleet.store import opened  # noqa: PLC0415 - as above

    with asking(opened(options.store)) as questions:
        answer = questions.ask(query)
        write_rows(sys.stdout, answer.columns, answer, options.format)
    return 0
