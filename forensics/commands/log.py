"""`log`: list the raft entries of a node, as they lie on its disk."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format, held
from forensics.commands.reading import reading, spending
from forensics.errors import InputError, UsageError

if TYPE_CHECKING:
    from forensics.facts.log.stream import Note, Range, Row
    from forensics.ingest.state_directory import StateDirectory


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "log",
        help="list the raft entries of a node",
        description="List raft entries as they lie on the disk: index, term, type, decoded command, file and offset. "
        "JSON has one object a line.",
    )
    add_common(parser)
    parser.add_argument("--node", metavar="N", help="only this node, by name, id or address (default: all)")
    parser.add_argument("--from", dest="first", type=_index, default=0, metavar="I", help="begin at this index")
    parser.add_argument("--to", dest="last", type=_index, metavar="I", help="end at this index")
    parser.add_argument("--type", choices=("command", "barrier", "change"), help="list only entries of this type")
    add_format(parser, "csv")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print rows as they are read."""
    from forensics import pipeline  # noqa: PLC0415 - heavy imports only where used: --help is instant
    from forensics.facts.log.stream import Range  # noqa: PLC0415 - as above
    from forensics.parsers.segment import EntryType  # noqa: PLC0415 - as above
    from forensics.report.log_rows import FORMATS  # noqa: PLC0415 - as above

    if options.last is not None and options.last < options.first:
        raise UsageError(f"--to {options.last} is before --from {options.first}")
    types = frozenset(EntryType) if options.type is None else frozenset({EntryType[options.type.upper()]})
    with spending(options) as budget, reading(options.inputs, budget) as evidence:
        directories = chosen(pipeline.directories(evidence), options.node, options.inputs)
        wanted = Range(options.first, options.last, types)
        rows = _Counted(_rows(directories, wanted))
        for number, line in enumerate(FORMATS[options.format](rows)):
            sys.stdout.write(line)
            if number < 2:
                sys.stdout.flush()  # the first row at once, also into a pipe
        if not rows.entries:
            _refuse_beyond(directories, wanted)
    return 0


class _Counted:
    """The rows, and how many entries were among them."""

    def __init__(self, rows: Iterator[tuple[str, Row | Note]]) -> None:
        self._rows = rows
        self.entries = 0

    def __iter__(self) -> Iterator[tuple[str, Row | Note]]:
        from forensics.facts.log.stream import Row  # noqa: PLC0415 - as above

        for name, item in self._rows:
            self.entries += isinstance(item, Row)
            yield name, item


def _refuse_beyond(directories: list[StateDirectory], wanted: Range) -> None:
    """Raise UsageError where no log has an index that was asked for."""
    from forensics.facts.log.stream import Range  # noqa: PLC0415 - as above
    from forensics.facts.node.node import build_node  # noqa: PLC0415 - as above

    if (wanted.first, wanted.last) == (Range().first, Range().last):
        return
    nodes = [(directory.node, build_node(directory).log.runs()) for directory in directories]
    if not any(wanted.reaches(run.first, run.last) for _, runs in nodes for run in runs):
        asked = f"from {wanted.first} on" if wanted.last is None else f"from {wanted.first} to {wanted.last}"
        raise UsageError(f"no log has an entry {asked}; they hold {held(nodes)}")


def chosen(directories: list[StateDirectory], node: str | None, inputs: list[str]) -> list[StateDirectory]:
    """The state directories that --node names. Raises an error if there is none."""
    from forensics.facts.cluster.selection import select  # noqa: PLC0415 - as above

    if not directories:
        raise InputError(", ".join(inputs), "no dqlite state directory in it")
    found = select(directories, node)
    if not found:
        names = ", ".join(sorted({directory.node for directory in directories}))
        raise UsageError(f"no node {node}: the input has {names}")
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
        raise argparse.ArgumentTypeError(f"{text!r} is not an index")
    return int(text)
