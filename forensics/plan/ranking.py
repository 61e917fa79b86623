"""Candidates for a recovery, best first: last term, then last index, over snapshot, closed and open segments.

The order of raft's elections, of go-dqlite's LastEntryInfo.Before and of LXD's guide. A node's start may keep less than
its files hold: where a forecast is at hand, what it keeps counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_position import effective_term, log_position
from forensics.facts.node.node import Grade, Node
from forensics.plan.expected_start import ExpectedStart, ExpectedStarts, Position


class ObstacleKind(StrEnum):
    """Why a node cannot be recovered from as it is. Values are those of the document."""

    CONTRADICTS_COMMITTED = "contradicts-committed"  # its entries from `index` on contradict committed ones
    NOT_A_MEMBER = "not-a-member"  # of the newest configuration
    DOES_NOT_START = "does-not-start"
    RENUMBERS = "renumbers"  # its start gives entries other indexes
    NO_RAFT_FILES = "no-raft-files"  # they did not arrive


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one node cannot.

    Attributes:
        index: of the first entry that contradicts committed ones, where that is why.
        start: what its next start comes to, where that is why.
    """

    kind: ObstacleKind
    index: int | None = None
    start: ExpectedStart | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One node.

    Attributes:
        rank: from 1; equal candidates share one.
        node: by name.
        last_term, last_index: as on disk, or as its start would keep them.
        role: in the newest configuration; None where it is not a member.
        obstacle: why it cannot be recovered from as it is; None where it can.
        product_starts: its product finds what it needs; else that has to be mended before it runs.
    """

    rank: int
    node: str
    last_term: int | None
    last_index: int | None
    role: str | None
    obstacle: Obstacle | None
    product_starts: bool = True


def rank(cluster: Cluster, starts: ExpectedStarts | None = None) -> list[Candidate]:
    """All directories with a log or a snapshot, copies left out; of equal ones first those whose product starts."""
    starts = starts or {}
    rows = []
    for node in cluster.originals():
        if node.last_index is None and not unread_tail(node):
            continue
        start = starts.get(node.name)
        last_term, last_index = kept(node, start)
        term, index = log_position(node)
        if last_index is not None and last_index < index:
            term, index = effective_term(node, last_term, last_index) or 0, last_index
        server = cluster.server_of(node)
        role = server.role.value if server and server.role else None
        obstacle = _obstacle(cluster, node, start)
        rows.append(((bool(obstacle), -term, -index), node.name, last_term, last_index, role, obstacle, not node.unmet))
    rows.sort(key=lambda row: (row[0], not row[-1], row[1]))
    places = {key: place for place, key in enumerate(dict.fromkeys(row[0] for row in rows), 1)}
    return [Candidate(places[row[0]], *row[1:]) for row in rows]


def unread_tail(node: Node) -> bool:
    """It has open segments whose content did not arrive: its log may go further than anybody knows."""
    return any(part.segment is None and part.file.size_max > 0 for part in node.log.open)


def undecided(cluster: Cluster, ranking: Sequence[Candidate]) -> tuple[str, ...]:
    """Who may be ahead of the first candidate, for all that arrived: names do not tell what open segments hold, nor a
    term; empty where the first is the only one.
    """
    best, others = ranking[0], [one for one in ranking[1:] if one.rank > 1 or unread_tail(cluster.node(one.node))]
    behind = [
        one.node
        for one in others
        if not one.obstacle
        and (
            unread_tail(cluster.node(one.node))
            or (one.last_term is None and (one.last_index or 0) > (best.last_index or 0))
        )
    ]
    if behind and unread_tail(cluster.node(best.node)):
        return (best.node, *behind)
    return tuple(behind)


def _history_of_its_own(cluster: Cluster, node: Node) -> bool:
    """It is a member where it is, and that history is as committed as the other: neither is the newest one."""
    change = node.configuration
    if change is None or node.id is None or change.configuration.by_id(node.id) is None:
        return False
    return any(node.name in side.nodes for _, sides in cluster.histories() for side in sides)


def kept(node: Node, start: ExpectedStart | None) -> Position:
    """Where its log ends after its next start: as on disk where the start drops nothing, or is not known."""
    last = node.last_index
    if start and start.kept and start.kept[1] is not None and last and start.kept[1] < last:
        return start.kept
    return node.last_term, last


def _obstacle(cluster: Cluster, node: Node, start: ExpectedStart | None) -> Obstacle | None:
    contradicted = cluster.contradicted()
    if node.name in contradicted:
        return Obstacle(ObstacleKind.CONTRADICTS_COMMITTED, contradicted[node.name])
    if cluster.is_outside(node) and not _history_of_its_own(cluster, node):
        return Obstacle(ObstacleKind.NOT_A_MEMBER)
    if start and not start.starts:
        return Obstacle(ObstacleKind.DOES_NOT_START, start=start)
    if start and start.renumbers:
        return Obstacle(ObstacleKind.RENUMBERS, start=start)
    if node.grade in (Grade.YAML, Grade.CLEANED):
        return Obstacle(ObstacleKind.NO_RAFT_FILES)
    return None
