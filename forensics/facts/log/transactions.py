"""What a leader's transactions prove of each other.

A leader runs one write transaction of a database at a time: the next one begins once the entry of the one before is
committed and applied, or once that failed, which ends its term as leader.
Source: docs/reference/commands.md#transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.limits import DATABASE_NAME_BYTES_MAX
from forensics.parsers.command import Frames, parse_command
from forensics.parsers.segment import EntryType

_HEAD_BYTES = DATABASE_NAME_BYTES_MAX + 64
"""Of a payload: enough for the database's name and what stands around it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A transaction that another one of its database follows in the same term.

    Attributes:
        index, later: the entries of the two.
        at: where their payloads lie.
    """

    index: int
    later: int
    at: tuple[Span, Span]


def last_followed(node: Node, term: int) -> Followed | None:
    """The last such transaction of a term in a node's log; None where no database has two of this term."""
    behind: dict[str, tuple[int, Span]] = {}
    for index, at, name in _transactions_backwards(node, term):
        if name in behind:
            later, its = behind[name]
            return Followed(index, later, (at, its))
        behind[name] = index, at
    return None


def _transactions_backwards(node: Node, term: int) -> Iterator[tuple[int, Span, str]]:
    """Index, payload and database of each transaction of a term, the last one first: as far as its end can be read."""
    blobs = node.log.blobs()
    for first, segment, _ in sorted(node.log.intact_parts(), key=lambda part: part[0], reverse=True):
        for position in range(len(segment) - 1, -1, -1):
            if segment.terms[position] < term:
                return
            if segment.terms[position] == term and segment.types[position] == EntryType.COMMAND:
                at = segment.payload_span(position)
                head = blobs[segment.path].read(at.offset, min(at.length, _HEAD_BYTES))
                command = parse_command(head, at).value
                if isinstance(command, Frames) and command.is_commit:
                    yield first + position, at, command.name
