"""Logs with entries behind a hole that no node fills: the hole may have held a configuration.

Who had to acknowledge what stands behind it is not known then: a single node may have, if it was made the only voter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.raft_log import Run
from forensics.facts.node.node import Node


def with_unknown_voters(cluster: Cluster) -> list[Node]:
    """Nodes that hold entries nobody else has, behind entries that nobody has; copies left out, and those
    whose entries do not have their indexes: their holes are none.
    """
    nodes = [node for node in cluster.originals() if node.name not in cluster.misplaced]
    return [node for node in nodes if _goes_furthest(node, nodes) and _has_open_hole(node, nodes)]


def _goes_furthest(node: Node, nodes: Iterable[Node]) -> bool:
    others = (other.last_index or 0 for other in nodes if other is not node)
    return (node.last_index or 0) > max(others, default=0) > 0


def _has_open_hole(node: Node, nodes: Iterable[Node]) -> bool:
    held = [run for other in nodes for run in _held(other)]
    return any(_reach(hole.first, held) < hole.last for hole in _holes(node))


def _held(node: Node) -> Iterator[Run]:
    """What its files tell of: entries, and the configuration up to where a snapshot reaches."""
    if node.newest_snapshot is not None:
        yield Run(1, node.newest_snapshot.name.index)
    yield from node.log.runs()


def _holes(node: Node) -> Iterator[Run]:
    """Between what it holds; no more where a segment is known by its name alone."""
    if not node.log.known_by_content:
        return
    end = 0
    for run in sorted(_held(node), key=lambda one: one.first):
        if run.first > end + 1:
            yield Run(end + 1, run.first - 1)
        end = max(end, run.last)


def _reach(first: int, held: Iterable[Run]) -> int:
    """Up to where these hold everything from `first` on, without a gap."""
    end = first - 1
    for run in sorted(held, key=lambda one: one.first):
        if run.first <= end + 1:
            end = max(end, run.last)
    return end
