"""What the products' own pages would pick, and what that costs.

Several go by the highest end of a closed segment's name. That misses open segments and snapshots, and knows no terms:
the longer log may be the one that the others have replaced (go-dqlite#299). Who says so: `_SOURCES`. MicroK8s' page has
no rule at all ("a surviving node"), nor has Incus'; LXD's page compares term and index, as the daemon logs them when it
is stopped in order, but what its command shows is the segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.entry_times import LatestWriteTime, latest_write_time
from forensics.facts.log.range_writes import RangeWrites, range_writes
from forensics.facts.node.node import Node
from forensics.plan.ranking import Candidate


class ChoiceSource(StrEnum):
    """Who says so. Values are those of the document."""

    CANONICAL_KUBERNETES_PAGE = "canonical-kubernetes-page"
    MICROCLOUD_PAGE = "microcloud-page"
    LXD_COMMAND = "lxd-command"
    INCUS_COMMAND = "incus-command"
    OTHER_PRODUCTS = "other-products"  # the product has no such rule: those of others, which people follow


_SOURCES = {
    "k8s-dqlite": ChoiceSource.CANONICAL_KUBERNETES_PAGE,
    "k8sd": ChoiceSource.CANONICAL_KUBERNETES_PAGE,
    "microcloud": ChoiceSource.MICROCLOUD_PAGE,
    "lxd": ChoiceSource.LXD_COMMAND,
    "incus": ChoiceSource.INCUS_COMMAND,
}
"""restore-quorum.md and k8s' cluster-recover (release-1.35); microcloud doc/how-to/recover.md; lxd/main_cluster.go and
lxd/db/db.go; incus cmd/incusd/main_cluster.go."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What recovering from one node loses of what another one holds.

    Attributes:
        node: recovered from.
        of: the other: the best candidate, or one that the best candidate does not cover.
        first, last: entries of the other that the node does not hold; both None where it lacks none.
        committed: the last of them that provably is committed; None where none is.
        wrote: what they changed.
        by: when the last of them had been written; None where file times do not tell.
        compared: by content; else names alone tell how far each goes, and nothing tells whether they are one history.
        at_most: open segments of the node, whose content is not at hand, may hold some of them.
    """

    node: str
    of: str
    first: int | None
    last: int | None
    committed: int | None
    wrote: RangeWrites
    by: LatestWriteTime | None = None
    compared: bool = True
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class DocumentedChoice:
    """The pick by the highest closed segment.

    Attributes:
        end: that index; None where no node has a closed segment.
        nodes: who has it.
        trap: it may pick a node that lacks what the best one has.
        source: who says so.
    """

    end: int | None
    nodes: tuple[str, ...]
    trap: bool
    source: ChoiceSource = ChoiceSource.OTHER_PRODUCTS


def documented_choice(cluster: Cluster, ranking: Sequence[Candidate], losses: Sequence[Loss]) -> DocumentedChoice:
    """What looking at the names of closed segments comes to.

    A node that lacks nothing is no trap, even where its start keeps it from being the best: no entry is lost with it.
    """
    names = {candidate.node for candidate in ranking}
    ends = {
        node.name: max(part.last for part in node.log.closed)
        for node in cluster.originals()
        if node.log.closed and node.name in names
    }
    end = max(ends.values(), default=None)
    picked = tuple(sorted(name for name, value in ends.items() if value == end))
    lacking = {loss.node for loss in losses if loss.first is not None or not loss.compared}
    source = _SOURCES.get(cluster.product.database, ChoiceSource.OTHER_PRODUCTS)
    return DocumentedChoice(end, picked, not lacking.isdisjoint(picked), source)


def loss(cluster: Cluster, node: Node, other: Node, *, deep: bool = False) -> Loss:
    """What `node` lacks of what `other` holds."""
    compared = _has_content(node) and _has_content(other)
    agreed = cluster.agreed(other, node) if compared else node.last_index or 0
    last = other.last_index or 0
    if agreed >= last:
        return Loss(node.name, other.name, None, None, None, RangeWrites(), compared=compared)
    committed = cluster.commit.proofs[other.name].index if cluster.commit and other.name in cluster.commit.proofs else 0
    return Loss(
        node.name,
        other.name,
        agreed + 1,
        last,
        min(committed, last) if committed > agreed else None,
        range_writes(other, agreed + 1, deep=deep),
        latest_write_time(other, last),
        compared,
        node.log.may_go_on,
    )


def _has_content(node: Node) -> bool:
    """Entries, or a snapshot with its term, can be compared."""
    return bool(node.log.blobs()) or any(snapshot.data is not None for snapshot in node.snapshots)
