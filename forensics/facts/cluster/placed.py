"""Segments whose entries surely have the indexes that their names, or the segments before them, tell.

A name can be wrong: somebody renamed a file, or copied it back under another name. It then promises another number of
entries, or no other name begins where it ends. Where that is so, another node's log has to confirm the indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node


def placed_parts(node: Node) -> frozenset[str]:
    """Names of a node's segments that nothing speaks against."""
    closed = node.log.closed
    found = {part.file.name for part in _placed(node, closed)}
    last = closed[-1] if closed else None
    if last is None or (last.file.name in found and _fits(last)):
        found |= {part.file.name for part in node.log.open}
    return frozenset(found)


def _placed(node: Node, closed: Sequence[ClosedSegment]) -> Iterator[ClosedSegment]:
    fitting = [part for part in closed if _fits(part)]
    joined = _joined([part for part in fitting if part.first <= part.last + 1])  # else it is nobody's range
    sole = {id(part) for part in _without_overlaps(joined)}
    for part in closed:
        alone = len(closed) == 1 and bool(fitting) and _goes_on(node, part)
        if alone or part.founds or id(part) in sole:
            yield part


def _fits(part: ClosedSegment) -> bool:
    """As many entries as its name says; damaged ones cannot be counted."""
    return part.segment is not None and (part.segment.damaged or part.last_read == part.last)


def _joined(parts: Sequence[ClosedSegment]) -> list[ClosedSegment]:
    """Those that begin where another ends, or the other way round: two names, given one by one, tell the same."""
    firsts, lasts = {part.first for part in parts}, {part.last for part in parts}
    return [part for part in parts if part.last + 1 in firsts or part.first - 1 in lasts]


def _without_overlaps(parts: Sequence[ClosedSegment]) -> Iterator[ClosedSegment]:
    """Those that share no index with another one."""
    ordered = sorted(parts, key=lambda part: (part.first, part.last))
    reached = -1  # the last index of those before
    for part, after in zip_longest(ordered, ordered[1:]):
        if reached < part.first and (after is None or part.last < after.first):
            yield part
        reached = max(reached, part.last)


def _goes_on(node: Node, part: ClosedSegment) -> bool:
    """From the beginning of all, or from a snapshot."""
    return part.first == 1 or any(
        snapshot.paired and part.first <= snapshot.name.index + 1 for snapshot in node.snapshots
    )
