"""How large each database was at each index, as the transactions of one node's log tell: no page is copied.

SQLite writes page 1, which has the size, with every transaction that changes the size
(docs/reference/commands.md#rebuilding-a-database); dqlite up to 1.5 gave it beside the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.barrier import stage
from forensics.facts.database.pages import pages_in_header
from forensics.facts.node.node import Node
from forensics.limits import DATABASES_MAX
from forensics.parsers.command import Frames, parse_command
from forensics.parsers.segment import EntryType


@dataclass(frozen=True, slots=True)
class Size:
    """How many pages a database has behind an entry."""

    index: int
    pages: int


@stage("how the databases grew", lambda node: node.name, lambda _: {})
def growth_of(node: Node) -> dict[str, list[Size]]:
    """By database: its size behind the first entry that tells it, and behind each that changes it."""
    sizes: dict[str, list[Size]] = {}
    for index, name, pages in _told(node):
        known = sizes.setdefault(name, []) if len(sizes) < DATABASES_MAX else sizes.get(name, [])
        if not known or (index > known[-1].index and pages != known[-1].pages):
            known.append(Size(index, pages))
    return sizes


def _told(node: Node) -> Iterator[tuple[int, str, int]]:
    """Index, database and its pages from then on, in order: of each transaction that tells them."""
    blobs = node.log.blobs()
    for first, segment, _ in sorted(node.log.intact_parts(), key=lambda part: part[0]):
        view = memoryview(blobs[segment.path].read())
        for position, kind in enumerate(segment.types):
            if kind != EntryType.COMMAND:
                continue
            at = segment.payload_span(position)
            command = parse_command(view[at.offset : at.offset + at.length], at).value
            if isinstance(command, Frames) and command.is_commit and (pages := _size(command)):
                yield first + position, command.name, pages


def _size(frames: Frames) -> int | None:
    if 1 not in frames.numbers:
        return frames.truncate or None
    return pages_in_header(frames.page(frames.numbers.index(1)))
