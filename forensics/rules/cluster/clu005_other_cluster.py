"""CLU005: directories of several clusters in one input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.cluster.join import FOUNDER_IDS
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU005",
    "several clusters of one database",
    Severity.INFO,
    scope=Case,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/two-bootstraps",),
    silent_on=("healthy/running-111",),
)
def other_cluster(case: Case) -> Iterator[Finding]:
    """## What it checks
    Whether the directories of one database are of one cluster: the bootstrap entry, common entries, common members.
    Where they are not, whether one cluster counts an address as its member where the other has its own node.
    ## Why it matters
    A node that lost its directory, or was started without its cluster's addresses, founds a cluster of its own. It
    runs, its clients write, and nothing of it reaches the others, who count it as down.
    ## False alarm if
    Two clusters that never had to do with each other, given in one input: then it is a remark and no more.
    ## What to do
    Decide which cluster is meant. Save what the other wrote, empty that node's directory, and let it join.
    ## References
    FACTS 2.9, 4.3
    """
    by_database: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in case.clusters:
        by_database[cluster.product.database].append(cluster)
    for same in by_database.values():
        for other in same[1:]:
            yield _compare(same[0], other)


def _compare(first: Cluster, other: Cluster) -> Finding:
    for one, two in ((first, other), (other, first)):
        for node in two.nodes:
            found = _counted_by(one, node)
            if found is not None:
                member, at = found
                message = (
                    f"{node.name} belongs to another cluster ({two.name}), and the one of "
                    f"{', '.join(n.name for n in one.nodes)} counts its address {node.address} as member {member}"
                )
                return Finding(message, (*_evidence(two), at), Severity.HIGH, (node.name,), Effect.DEGRADED)
    names = ", ".join(node.name for node in other.nodes)
    return Finding(
        f"{names} belong{'s' * (len(other.nodes) == 1)} to another cluster ({other.name}) than "
        f"{', '.join(node.name for node in first.nodes)} ({first.name})",
        (*_evidence(other), *_evidence(first)),
        nodes=tuple(node.name for node in other.nodes),
    )


def _counted_by(cluster: Cluster, node: Node) -> tuple[int, Span] | None:
    """The member that the cluster has at the node's address, where that is not the node itself."""
    change = cluster.configuration
    for server in change.configuration.servers if change else ():
        if change and server.address == node.address and (node.id != server.id or node.id in FOUNDER_IDS):
            return server.id, change.configuration.at
    return None


def _evidence(cluster: Cluster) -> tuple[Span, ...]:
    """What it was founded by; else what its nodes call themselves; else the directory."""
    founding = [event.at for event in cluster.membership if event.index == 1][:1]
    infos = [node.info.value.at for node in cluster.nodes if node.info and node.info.value]
    return tuple(founding or infos) or (Span(cluster.nodes[0].state.path),)
