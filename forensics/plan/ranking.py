"""Candidates for a recovery, best first: last term, then last index, over snapshot, closed and open segments.

The order of raft's elections, of go-dqlite's LastEntryInfo.Before and of LXD's guide. A node's start may keep less than
its files hold: where a forecast is at hand, what it keeps counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_position import effective_term, log_position
from forensics.facts.node.node import Grade, Node


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a node's next start would come to.

    Attributes:
        starts: it would reach the end of its start.
        words: the outcome, in words.
        last_term, last_index: what it would have loaded; None where loading does not return.
        renumbers: entries would get other indexes than they had: the log then contradicts the others.
        mend: where it does not start: what to move aside so that it does, in words; empty where nothing helps.
        mended: (last term, last index) of what it would load then.
    """

    starts: bool
    words: str
    last_term: int | None = None
    last_index: int | None = None
    renumbers: bool = False
    mend: str = ""
    mended: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One node.

    Attributes:
        rank: from 1; equal candidates share one.
        node: by name.
        last_term, last_index: as on disk, or as its start would keep them.
        role: in the newest configuration; None where it is not a member.
        obstacle: why it cannot be recovered from as it is; empty where it can.
    """

    rank: int
    node: str
    last_term: int | None
    last_index: int | None
    role: str | None
    obstacle: str


def standing_words(term: int | None, index: int | None) -> str:
    """`term 2, index 414`; of a listing the term is not known, and of open segments alone not even the index."""
    if index is None:
        return "an index that no file name tells"
    return f"index {index} (its term is not known)" if term is None else f"term {term}, index {index}"


def rank(cluster: Cluster, outlooks: Mapping[str, Outlook] | None = None) -> list[Candidate]:
    """All directories with a log or a snapshot, copies left out."""
    outlooks = outlooks or {}
    rows = []
    for node in cluster.originals():
        if node.last_index is None and not unread_tail(node):
            continue
        outlook = outlooks.get(node.name)
        last_term, last_index = kept(node, outlook)
        term, index = log_position(node)
        if last_index is not None and last_index < index:
            term, index = effective_term(node, last_term, last_index) or 0, last_index
        server = cluster.server_of(node)
        role = server.role.value if server and server.role else None
        obstacle = _obstacle(cluster, node, outlook)
        rows.append(((bool(obstacle), -term, -index), node.name, last_term, last_index, role, obstacle))
    rows.sort(key=lambda row: (row[0], row[1]))
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


def kept(node: Node, outlook: Outlook | None) -> tuple[int | None, int | None]:
    """(last term, last index) as its next start would keep them: as on disk where it drops nothing, or is not known."""
    last = node.last_index
    if outlook and outlook.starts and outlook.last_index is not None and last and outlook.last_index < last:
        return outlook.last_term, outlook.last_index
    return node.last_term, last


def _obstacle(cluster: Cluster, node: Node, outlook: Outlook | None) -> str:
    contradicted = cluster.contradicted()
    if node.name in contradicted:
        return f"its entries from {contradicted[node.name]} on contradict committed ones"
    outside = cluster.configuration is not None and node.id is not None and cluster.server_of(node) is None
    if outside and not _history_of_its_own(cluster, node):
        return "not a member of the newest configuration"
    if outlook and (not outlook.starts or outlook.renumbers):
        return outlook.words
    if node.grade in (Grade.YAML, Grade.CLEANED):
        return "its raft files did not arrive"
    return ""
