"""CLU011: a node behind the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.holdings import holdings_of
from forensics.facts.cluster.intact_copies import IntactCopies
from forensics.facts.cluster.lag import IN_FLIGHT, DiskSign, Lag, full_disks, lags, nodes_with_logs
from forensics.facts.cluster.stand_ins import stand_ins
from forensics.facts.log.entry_range import entry_at
from forensics.facts.node.node import CONTENT_GRADES, Node
from forensics.fault_kind import FaultKind
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.rules.unread import CUT
from forensics.wording import Words, count, sentences, verb

_DISK = {
    DiskSign.NONE_PREPARED: "An open segment is in use, and none is prepared above it: its disk may have been full.",
    DiskSign.COUNTERS_SKIP: "A number is missing between its open segments: its disk may have been full.",
}


class Way(Enum):
    """How the node will get what it lacks."""

    ENTRIES = "entries"  # they are still in the log of the node that is furthest
    SNAPSHOT = "snapshot"  # that log begins later
    NOT_TOLD = "not-told"


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds what is committed, where a voter lacks more of it than may be in flight.

    Attributes:
        holding, voters: how many voters hold it, and how many there are.
        unseen: how many voters did not arrive.
        damaged: the node's log is damaged: what can be read of it ends there.
    """

    holding: int
    voters: int
    unseen: int
    damaged: bool


@dataclass(frozen=True, slots=True)
class NodeBehind:
    """A node whose log ends before that of another one.

    Attributes:
        last_index: where it ends.
        behind: how many entries of the other's log it lacks.
        best: the node that got furthest.
        holders: who holds what is committed; None where the node lacks nothing of that, or is no voter.
        way: how it will get the entries.
        disk: what in its open segments points to a disk that was full; None where nothing does.
        parted: the first index that the other holds another entry at; None where it holds all that this node does.
    """

    kind: ClassVar[str] = "node-behind"
    node: str
    last_index: int
    behind: int
    best: str
    holders: Holders | None
    way: Way
    disk: DiskSign | None = None
    parted: int | None = None

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        way = {
            Way.ENTRIES: f"The entries that it lacks are still in the log of {self.best}.",
            Way.SNAPSHOT: f"The log of {self.best} begins later, so the node will be sent a snapshot.",
            Way.NOT_TOLD: "",
        }[self.way]
        return Words(
            f"{self.node} is {count(self.behind, 'entry')} behind {self.best}",
            sentences(
                f"Its log ends at entry {self.last_index}.",
                f"From entry {self.parted} on, it is not the log of {self.best}." if self.parted else "",
                *self._why(),
                _DISK[self.disk] if self.disk else "",
                way,
            ),
            "See whether the node runs and catches up. If not, its journal says why it cannot reach the leader. Do not "
            "recover from it."
            if severity is Severity.LOW
            else None,
        )

    def _why(self) -> tuple[str, ...]:
        found = self.holders
        if found is None:
            return ()
        unseen = (
            f", and {found.unseen} {verb(found.unseen, 'is', 'are')} missing in this upload" if found.unseen else ""
        )
        hold = verb(found.holding, "holds", "hold")
        return (
            "Only that part of its log can be read." if found.damaged else "It was down, cut off, or copied earlier.",
            f"{found.holding} of {found.voters} voters {hold} what is committed{unseen}.",
        )


@rule(
    "CLU011",
    "node whose log is behind the others",
    Severity.INFO,
    fault=FaultKind.NODE_BEHIND,
    scope=Cluster,
    needs=(Needs.NAMES, Needs.SEVERAL_NODES),
    fires_on=("cluster/lagging", "cluster/full-disk-none-prepared", "cluster/full-disk-skipped-counter"),
    silent_on=("healthy/stopped-111",),
)
def node_behind(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Last index and term of every member with a log, against the node that got furthest. It weighs more, and the cluster
    counts as degraded, if a voter lacks entries that are proved to be committed: others wrote them without it.
    ## Why it matters
    A node that was down is behind, and catches up by itself. Until then the cluster has in practice one voter less. The
    node cannot be elected before it has caught up, and must not be the one to recover from.
    ## False alarm if
    The copies were taken one after another while the cluster ran: they differ by what was written in between. No log
    tells whether a node was down or only copied earlier. Entries that a damaged log did hold do not count as missing.
    Open segments that are missing point to a full disk; a file that somebody deleted shows the same.
    ## What to do
    Nothing, if it runs and the distance shrinks. If not, its journal says why it cannot reach the leader, and `df`
    whether its disk is full.
    ## References
    docs/reference/healthy.md#installing-a-snapshot; docs/reference/raft.md#the-commit-index;
    docs/reference/segments.md#open-segments
    """
    for node in nodes_with_logs(cluster):
        if node.names_cut:
            yield NotChecked(CUT, "input-cut", (node.name,))
    signs = full_disks(cluster)
    for lag in lags(cluster):
        yield _behind(cluster, lag, signs.get(lag.node.name))


def _behind(cluster: Cluster, lag: Lag, sign: DiskSign | None) -> Finding:
    node, best = lag.node, lag.best
    holders = _holders(cluster, node, best)
    return Finding(
        NodeBehind(node.name, lag.last, lag.behind, best.name, holders, _way(node, best), sign, lag.parted),
        _evidence(node),
        severity=Severity.LOW if holders else None,
        nodes=(node.name,),
        effect=Effect.DEGRADED if holders else None,
    )


def _holders(cluster: Cluster, node: Node, best: Node) -> Holders | None:
    """Who holds what is committed, where this voter lacks more than may be in flight; what lies behind damage, no start
    reads.
    """
    if cluster.torn:
        return None  # copied while it wrote: what a copy lacks was written meanwhile, as far as anything tells
    server, committed = cluster.server_of(node), cluster.commit.at_least if cluster.commit else None
    if server is None or server.role is not Role.VOTER or committed is None or cluster.configuration is None:
        return None
    if committed - holdings_of(node).stored <= IN_FLIGHT:
        return None
    roles = [(cluster.server_of(other), other) for other in cluster.originals()]
    seen = [other for server, other in roles if server and server.role is Role.VOTER]
    seen += stand_ins(cluster.originals(), {other.id for other in seen if other.id is not None}).values()
    intact = {copy.node for copy in IntactCopies(cluster).on(best, 1, committed) if not copy.past_damage}
    holding = sum(
        other.name in intact if other.grade in CONTENT_GRADES else holdings_of(other).stored >= committed
        for other in seen
    )
    voters = sum(server.role is Role.VOTER for server in cluster.configuration.configuration.servers)
    return Holders(holding, voters, max(voters - len(seen), 0), bool(node.log.damaged()))


def _evidence(node: Node) -> tuple[Span, ...]:
    """Its last entry; else, of a listing, the file that ends there."""
    at = entry_at(node, node.last_index or 0)
    if at is not None:
        return (at,)
    files = [part.file for part in node.log.closed[-1:]]
    files += [file for snapshot in node.snapshots[-1:] if (file := snapshot.data_file or snapshot.meta_file)]
    return tuple(file.at for file in files)


def _way(node: Node, best: Node) -> Way:
    chain = best.log.chain()
    if chain is None or node.last_index is None:
        return Way.NOT_TOLD
    return Way.ENTRIES if chain.first <= node.last_index + 1 else Way.SNAPSHOT
