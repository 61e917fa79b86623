"""What the products' own pages would pick.

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
from forensics.facts.node.node import Grade
from forensics.plan.loss import Loss
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
    What a node lacks of which some content did not arrive cannot be told.
    """
    names = {candidate.node for candidate in ranking}
    ends = {
        node.name: max(part.last for part in node.log.closed)
        for node in cluster.originals()
        if node.log.closed and node.name in names
    }
    end = max(ends.values(), default=None)
    picked = tuple(sorted(name for name, value in ends.items() if value == end))
    partial = {node.name for node in cluster.originals() if node.grade is Grade.PARTIAL}
    lacking = {loss.node for loss in losses if loss.given_up or not loss.compared} - partial
    source = _SOURCES.get(cluster.product.database, ChoiceSource.OTHER_PRODUCTS)
    return DocumentedChoice(end, picked, not lacking.isdisjoint(picked), source)
