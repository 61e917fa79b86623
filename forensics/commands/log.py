"""`log`: the raft entries of a node, as they lie on its disk."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common
from forensics.errors import InputError, UsageError

if TYPE_CHECKING:
    from forensics.facts.log.stream import Note, Range, Row
    from forensics.ingest.state_directory import StateDirectory


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("log", help="raft entries: index, term, type, decoded command, where they lie")
    add_common(parser)
    parser.add_argument("--node", metavar="N", help="name, server id or address (default: every node)")
    parser.add_argument("--from", dest="first", type=_index, default=0, metavar="I", help="first index")
    parser.add_argument("--to", dest="last", type=_index, metavar="I", help="last index")
    parser.add_argument("--type", choices=("command", "barrier", "change"), help="only entries of this type")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="json: one object a line")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print rows as they are read; 0."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.facts.log.stream import Range  # noqa: PLC0415 - as above
    from forensics.parsers.segment import EntryType  # noqa: PLC0415 - as above
    from forensics.report.log_rows import FORMATS  # noqa: PLC0415 - as above

    if options.last is not None and options.last < options.first:
        raise UsageError(f"--to {options.last} is before --from {options.first}")
    types = frozenset(EntryType) if options.type is None else frozenset({EntryType[options.type.upper()]})
    with pipeline.ingest(options.inputs) as evidence:
        directories = chosen(pipeline.directories(evidence), options.node, options.inputs)
        rows = _rows(directories, Range(options.first, options.last, types))
        for number, line in enumerate(FORMATS[options.format](rows)):
            sys.stdout.write(line)
            if number < 2:
                sys.stdout.flush()  # the first row at once, also into a pipe
    return 0


def chosen(directories: list[StateDirectory], node: str | None, inputs: list[str]) -> list[StateDirectory]:
    """The state directories that --node names. Raises where there is none."""
    from forensics.facts.node.selection import select  # noqa: PLC0415 - as above

    if not directories:
        raise InputError(", ".join(inputs), "no dqlite state directory in it")
    found = select(directories, node)
    if not found:
        names = ", ".join(sorted({directory.node for directory in directories}))
        raise UsageError(f"no node {node}; there are {names}")
    return found


def _rows(directories: list[StateDirectory], wanted: Range) -> Iterator[tuple[str, Row | Note]]:
    from forensics.facts.log.stream import stream  # noqa: PLC0415 - as above

    databases = {directory.product.database for directory in directories}
    for directory in directories:
        name = f"{directory.node} ({directory.product.database})" if len(databases) > 1 else directory.node
        for item in stream(directory, wanted):
            yield name, item


def _index(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text} is not an index")
    return int(text)
