"""Two directories that do not say whose they are: surely two servers', or maybe one's at two times?

Servers batch the same entries differently (docs/reference/raft.md#what-must-hold), and date their snapshots by clocks
of their own; a server's files do not change once they are closed. So files that hold the same indexes in other bytes
are two servers'.
"""

from __future__ import annotations

from forensics.facts.node.node import Node


def are_two(one: Node, other: Node) -> bool:
    """They cannot be one server's: one of their segments has other bytes, or one of their snapshots another time."""
    return _segments_differ(one, other) or _snapshots_differ(one, other)


def _segments_differ(one: Node, other: Node) -> bool:
    mine = {part.first: part for part in one.log.closed}
    for part in other.log.closed:
        same = mine.get(part.first)
        if same is None or same.segment is None or part.segment is None:
            continue
        a, b = same.file.blob, part.file.blob
        length = min(same.segment.good_end, part.segment.good_end)
        if a is not None and b is not None and a.read(0, length) != b.read(0, length):
            return True
    return False


def _snapshots_differ(one: Node, other: Node) -> bool:
    times = {(s.name.term, s.name.index): s.name.timestamp_ms for s in one.snapshots}
    return any(
        times.get((s.name.term, s.name.index), s.name.timestamp_ms) != s.name.timestamp_ms for s in other.snapshots
    )
