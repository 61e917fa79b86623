"""Which closed segments loading uses, told by names (canonical/dqlite src/raft/uv.c, uvFilterSegments).

Source: docs/reference/start.md#which-segments-are-used.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node


class Place(Enum):
    """Where a closed segment stands, as far as damage in it matters."""

    IGNORED = "ignored"  # below the chain: left on disk, never read
    MIDDLE = "middle"  # read, and others follow it
    LAST = "last"  # the last closed one: the only one that self-repair may move away


@dataclass(frozen=True, slots=True)
class Chain:
    """The closed segments that loading reads, in order, and those that it passes over.

    Attributes:
        used, ignored: by first index.
        snapshot_index: of the newest snapshot; 0 where there is none.
    """

    used: tuple[ClosedSegment, ...]
    ignored: tuple[ClosedSegment, ...]
    snapshot_index: int

    def place(self, closed: ClosedSegment) -> Place:
        """Where a closed segment stands."""
        if closed in self.ignored:
            return Place.IGNORED
        return Place.LAST if closed == self.used[-1] else Place.MIDDLE

    @property
    def starts_too_late(self) -> bool:
        """Its first entry is not one that the snapshot (or the bootstrap) leads up to."""
        return bool(self.used) and self.used[0].first > self.snapshot_index + 1


def loading_chain(node: Node) -> Chain:
    """As loading filters: without a snapshot everything counts; with one, what leads up to the last segment."""
    closed = node.log.closed
    snapshot = node.newest_snapshot
    if snapshot is None:
        return Chain(closed, (), 0)
    index = snapshot.name.index
    if not closed or (closed[-1].last < index and not node.log.open):
        return Chain((), closed, index)
    start = len(closed) - 1
    while start and closed[start - 1].last + 1 == closed[start].first:
        start -= 1
    return Chain(closed[start:], closed[:start], index)
