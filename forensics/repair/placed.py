"""Segments whose entries surely have the indexes that their names, or the segments before them, tell.

A name can be wrong: somebody renamed a file, or copied it back under another name. It then leaves a gap or an overlap,
or promises another number of entries. Where that is so, another node's log has to confirm the indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType


def placed_parts(node: Node) -> frozenset[str]:
    """Names of a node's segments that nothing speaks against."""
    closed = node.log.closed
    found = {part.file.name for part in _placed(node, closed)}
    last = closed[-1] if closed else None
    if last is None or (last.file.name in found and _fits(last)):
        found |= {part.file.name for part in node.log.open}
    return frozenset(found)


def _placed(node: Node, closed: Sequence[ClosedSegment]) -> Iterator[ClosedSegment]:
    for number, part in enumerate(closed):
        before = closed[number - 1].last if number else None
        after = closed[number + 1].first if number + 1 < len(closed) else None
        if _founds(part) or (_fits(part) and _joins(node, part, before, after)):
            yield part


def _fits(part: ClosedSegment) -> bool:
    """As many entries as its name says; damaged ones cannot be counted."""
    return part.segment is not None and (part.segment.damaged or part.last_read == part.last)


def _founds(part: ClosedSegment) -> bool:
    segment = part.segment
    started = segment is not None and len(segment) > 0 and part.first == 1
    return segment is not None and started and (segment.types[0], segment.terms[0]) == (EntryType.CHANGE, 1)


def _joins(node: Node, part: ClosedSegment, before: int | None, after: int | None) -> bool:
    """Neither gap nor overlap beside it; the first one reaches back to a snapshot, or to where another log begins."""
    if before is None:
        behind = any(snapshot.paired and part.first <= snapshot.name.index + 1 for snapshot in node.snapshots)
        return (behind or part.first == 1) and (after is None or after == part.last + 1)
    return before == part.first - 1 and (after is None or after == part.last + 1)
