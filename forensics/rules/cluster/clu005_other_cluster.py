"""CLU005: directories of several clusters in one input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.claimed import claimed_by
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, listed, verb


@dataclass(frozen=True, slots=True)
class OtherCluster:
    """Nodes that belong to another cluster of the same database.

    Attributes:
        nodes, cluster: they, and the name of their cluster.
        others, other_cluster: the nodes of the first cluster, and its name.
    """

    kind: ClassVar[str] = "other-cluster"
    nodes: tuple[str, ...]
    cluster: str
    others: tuple[str, ...]
    other_cluster: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        belongs = verb(len(self.nodes), "belongs", "belong")
        return Words(
            f"{listed(self.nodes)} {belongs} to another cluster ({self.cluster}) than {listed(self.others)} "
            f"({self.other_cluster})"
        )


@dataclass(frozen=True, slots=True)
class CountedElsewhere:
    """A node of one cluster at whose address another cluster has a member.

    Attributes:
        node, cluster: it, and the name of its cluster.
        others: the nodes of the cluster that counts its address.
        address: that address.
        member: the ID that the other cluster has for it.
    """

    kind: ClassVar[str] = "counted-elsewhere"
    node: str
    cluster: str
    others: tuple[str, ...]
    address: str
    member: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        counts = verb(len(self.others), "counts", "count")
        return Words(
            f"{self.node} is of another cluster ({self.cluster}), but {listed(self.others)} {counts} it as a member",
            (f"There, {self.address} is the address of member {self.member}.",),
            f"Decide which cluster is meant. Save what {self.node} wrote, empty its directory, and let it join the "
            "other cluster.",
        )


@rule(
    "CLU005",
    "several clusters of one database in this input",
    Severity.INFO,
    fault=FaultKind.TWO_HISTORIES,
    scope=Case,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/two-bootstraps",),
    silent_on=("healthy/running-111",),
)
def other_cluster(case: Case) -> Iterator[Finding]:
    """## What it checks
    Whether the directories of one database are of one cluster, by their bootstrap entry, common entries and common
    members. If they are not, whether one cluster counts an address as its member at which the other has its own node.
    ## Why it matters
    A node that lost its directory, or was started without its cluster's addresses, founds a cluster of its own. It
    runs and its clients write, but nothing of it reaches the others, who count it as down.
    ## False alarm if
    Two clusters that have nothing to do with each other were given in one input. It is serious only where one cluster
    counts an address of the other as its member.
    ## What to do
    Nothing, if both clusters are meant. Else find out which of them these nodes should belong to.
    ## References
    docs/reference/start.md#bootstrap; docs/reference/raft.md#bootstrap-and-ids
    """
    by_database: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in case.clusters:
        by_database[cluster.product.database].append(cluster)
    for same in by_database.values():
        for other in same[1:]:
            yield _compare(same[0], other)


def _compare(first: Cluster, other: Cluster) -> Finding:
    for one, two in ((first, other), (other, first)):
        for found in claimed_by(one, two):
            name, address = found.node.name, found.node.address or ""
            problem = CountedElsewhere(name, two.name, _names(one), address, str(found.member))
            evidence = (*_evidence(two), found.at)
            return Finding(problem, evidence, Severity.HIGH, (name,), Effect.DEGRADED, (address, problem.member))
    return Finding(
        OtherCluster(_names(other), other.name, _names(first), first.name),
        (*_evidence(other), *_evidence(first)),
        nodes=_names(other),
        where=(other.product.database,),
    )


def _names(cluster: Cluster) -> tuple[str, ...]:
    return tuple(node.name for node in cluster.nodes)


def _evidence(cluster: Cluster) -> tuple[Span, ...]:
    """What it was founded by; else what its nodes call themselves; else the directory."""
    founding = [event.at for event in cluster.membership if event.index == 1][:1]
    infos = [node.info.value.at for node in cluster.nodes if node.info and node.info.value]
    return tuple(founding or infos) or (Span(cluster.nodes[0].state.path),)
