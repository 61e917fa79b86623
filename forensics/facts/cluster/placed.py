"""Segments whose entries surely have the indexes that their names, or the segments before them, tell.

A name can be wrong: somebody renamed a file, or copied it back under another name. It then promises another number of
entries, or no other name begins where it ends. Where that is so, another node's log has to confirm the indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    joined = [part for part in fitting if any(_follow(part, other) for other in fitting)]
    for number, part in enumerate(closed):
        alone = not number and len(closed) == 1 and part in fitting and _goes_on(node, part)
        if alone or part.founds or (part in joined and not any(_overlap(part, other) for other in joined)):
            yield part


def _fits(part: ClosedSegment) -> bool:
    """As many entries as its name says; damaged ones cannot be counted."""
    return part.segment is not None and (part.segment.damaged or part.last_read == part.last)


def _follow(one: ClosedSegment, other: ClosedSegment) -> bool:
    """The one begins where the other ends: two names, given one by one, tell the same."""
    return one.last + 1 == other.first or other.last + 1 == one.first


def _overlap(one: ClosedSegment, other: ClosedSegment) -> bool:
    return one is not other and one.first <= other.last and other.first <= one.last


def _goes_on(node: Node, part: ClosedSegment) -> bool:
    """From the beginning of all, or from a snapshot."""
    return part.first == 1 or any(
        snapshot.paired and part.first <= snapshot.name.index + 1 for snapshot in node.snapshots
    )
