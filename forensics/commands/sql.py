"""`sql`: query a database as it was at an index."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from forensics.commands.common import add_common, add_format
from forensics.commands.dot import run_dot
from forensics.commands.reading import say
from forensics.commands.rows import write_rows
from forensics.commands.time_machine import SECRETS, add_choice, chosen, warn_of_losses
from forensics.errors import UsageError


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "sql",
        help="query a database as it was at an index",
        usage="%(prog)s [options] INPUT... [QUERY]",
        description="Rebuild a database from a snapshot and the log, as it was at an index, and query it. QUERY is one "
        "SQL statement that only reads, or .cluster, or .leader: the last word, unless there is a file of that name. "
        "Without it there is a prompt, or standard input has one question after the other. "
        "What is printed can be secrets of the cluster.",
    )
    add_common(parser)
    add_choice(parser)
    add_format(parser, "csv")
    parser.set_defaults(run=run, intermixed=True)


def run(options: argparse.Namespace) -> int:
    """Rebuild the database, query it, and print the rows; without a query, ask for one after the other."""
    from forensics.facts.database.open import Database, QueryError  # noqa: PLC0415 - heavy imports only where used

    options.query = _query(options.inputs)
    if options.query is None:
        from forensics.commands.prompt import converse  # noqa: PLC0415 - as above

        return converse(options)
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


def _query(words: list[str]) -> str | None:
    """The last word, taken away from the others; None where it is an input, too."""
    if len(words) > 1 and words[-1] != "-" and not os.path.lexists(words[-1]):
        return words.pop()
    return None
