"""`sql`: a query over a database as it was at an index."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from forensics.commands.common import add_common
from forensics.commands.dot import run_dot
from forensics.commands.rows import FORMATS, write_rows
from forensics.commands.time_machine import SECRETS, add_choice, chosen, say, warn_of_losses
from forensics.errors import UsageError


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("sql", help="query a database as it was at an index")
    add_common(parser)
    add_choice(parser)
    parser.add_argument("query", metavar="QUERY", help="one SQL statement that only reads; or .cluster, .leader")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Rebuild, query, print; the exit code."""
    from forensics.facts.database.open import Database, QueryError  # noqa: PLC0415 - heavy imports only where used

    if options.query.lstrip().startswith("."):
        return run_dot(options)
    with chosen(options, options.at) as choice:
        name = choice.database(options.database)
        warn_of_losses(choice, name)
        say(f"warning: {SECRETS}")
        try:
            with Database(choice.rebuilt.databases[name]) as database:
                result = database.query(options.query)
                write_rows(sys.stdout, result.columns, result, options.format)
        except QueryError as error:
            raise UsageError(f"{name}: {error}") from error
    return 0
