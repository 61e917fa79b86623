"""Nodes behind the others, and what their open segments tell of a disk that was full.

Raft keeps two prepared segments above the one in use. Where it cannot create another, it writes on until they are used
up, and the number of the failed one is not given again (docs/reference/segments.md#open-segments).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.holdings import holdings_of
from forensics.facts.cluster.log_matching import Kind
from forensics.facts.cluster.log_position import log_position
from forensics.facts.cluster.torn_copy import unused_behind
from forensics.facts.node.node import Grade, Node
from forensics.ingest.roles import FileRole
from forensics.parsers.roles import Role

IN_FLIGHT = 16  # entries between copies of a busy cluster
_UNKNOWN_IN_OPEN = 2048  # what the open segments of a listing may hold, which no name tells


@dataclass(frozen=True, slots=True)
class Lag:
    """A node whose log ends before that of another one, by more than may be in flight.

    Attributes:
        node: which.
        last: the last index that it stored.
        behind: how many entries of the other's log it lacks.
        best: the node that got furthest.
        parted: the first index that the other holds another entry at; None where it holds all that this node does.
    """

    node: Node
    last: int
    behind: int
    best: Node
    parted: int | None = None


class DiskSign(Enum):
    """What points to a disk that was full. Values are those of report.json."""

    NONE_PREPARED = "none-prepared"  # an open segment is in use, and none is prepared above it
    COUNTERS_SKIP = "counters-skip"  # between two open segments a number is missing


def nodes_with_logs(cluster: Cluster) -> list[Node]:
    """One directory a server, of which a last index is known."""
    return [node for node in cluster.originals() if node.last_index is not None and node.grade is not Grade.YAML]


def lags(cluster: Cluster) -> Iterator[Lag]:
    """Who is behind; nothing of nodes of which not all names are known."""
    nodes = nodes_with_logs(cluster)
    for node in nodes:
        if node.names_cut or not _has_to_follow(cluster, node):
            continue
        best = max(nodes, key=log_position)
        last = holdings_of(node).stored
        behind = holdings_of(best).stored - last
        if behind > (IN_FLIGHT if node.log.known_by_content else _UNKNOWN_IN_OPEN):
            parted = _parted(cluster, node, best)
            yield Lag(node, last, behind if parted is None else behind + last - parted + 1, best, parted)


def _parted(cluster: Cluster, node: Node, best: Node) -> int | None:
    """Where the two are on different sides of what a later leader replaced."""
    apart = (
        one.index
        for one in cluster.divergences
        if one.kind is Kind.CONFLICT
        and len({side.term for side in one.sides if {node.name, best.name} & {*side.nodes}}) > 1
    )
    return min(apart, default=None)


def full_disks(cluster: Cluster) -> Mapping[str, DiskSign]:
    """Nodes behind the others, by name, whose open segments point to a disk that was full.

    Nothing where a copy is not of one moment: names that were read before the contents miss segments as well.
    """
    signs = {node.name: sign for node in cluster.originals() if (sign := disk_sign(node)) is not None}
    if not signs or cluster.torn:
        return {}
    return {lag.node.name: signs[lag.node.name] for lag in lags(cluster) if lag.node.name in signs}


def disk_sign(node: Node) -> DiskSign | None:
    """What the open segments of a node show; of one that did not arrive whole, or that repaired itself, nothing."""
    if node.grade is not Grade.FULL or node.state.of_role(FileRole.CORRUPT):
        return None
    counters = sorted({part.name.counter for part in node.log.open})
    if counters and counters[-1] - counters[0] >= len(counters):
        return DiskSign.COUNTERS_SKIP
    return DiskSign.NONE_PREPARED if unused_behind(node) == 0 else None


def _has_to_follow(cluster: Cluster, node: Node) -> bool:
    """It is a voter or a stand-by, or nothing tells the members."""
    server = cluster.server_of(node)
    return cluster.configuration is None if server is None else server.role is not Role.SPARE
