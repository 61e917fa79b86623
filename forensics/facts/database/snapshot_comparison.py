"""A node's newest snapshot against what another node has at its index: one history is one database, on every node.

Log matching sees entries only. Where the logs no longer reach back, two nodes may hold different data behind equal
logs: entries lost or changed long ago, in a snapshot since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forensics.errors import SpaceError
from forensics.facts.database.claimed import claimed_bytes
from forensics.facts.database.replay_check import Difference, compare_snapshot
from forensics.facts.database.timeline import timeline_of
from forensics.facts.node.node import Node
from forensics.limits import COMPARED_BYTES_MAX


@dataclass(frozen=True, slots=True)
class SnapshotComparison:
    """The newest snapshot of `node`, and how it differs from what `other` has at its index."""

    node: str
    other: str
    difference: Difference


def compare_snapshots(nodes: list[Node], agreed: Callable[[Node, Node], int]) -> list[SnapshotComparison]:
    """Each newest snapshot against the first node before it that has the same history up to there.

    Args:
        nodes: one directory a server.
        agreed: the last index up to which the second node holds the history of the first.
    """
    found = (_compare(node, nodes[:place], agreed) for place, node in enumerate(nodes) if place)
    return [one for one in found if one is not None]


def _compare(node: Node, others: list[Node], agreed: Callable[[Node, Node], int]) -> SnapshotComparison | None:
    mine = timeline_of(node.state)
    newest = mine.snapshots[0] if mine.snapshots else None
    if newest is None or claimed_bytes(node).get(newest.file.name, 0) > COMPARED_BYTES_MAX:
        return None
    for other in others:
        if agreed(node, other) < newest.name.index:
            continue
        try:
            difference = compare_snapshot(newest, timeline_of(other.state))
        except SpaceError:
            return None  # no temporary space: `examine`, which needs as much, says so
        if difference is not None:
            return SnapshotComparison(node.name, other.name, difference)
    return None
