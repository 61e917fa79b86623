"""CLU005: directories of several clusters in one input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.cluster import Case, Cluster
from forensics.facts.join import FOUNDER_IDS
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU005",
    "several clusters of one database",
    Severity.INFO,
    scope=Case,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/two-bootstraps",),
    silent_on=("healthy/steady",),
)
def other_cluster(case: Case) -> Iterator[Finding]:
    """## What it checks
    Whether the directories of one database are of one cluster: the bootstrap entry, common entries, common members. Where
    they are not, whether one cluster counts an address as its member where the other has its own node.
    ## Why it matters
    A node that lost its directory, or was started without its cluster's addresses, founds a cluster of its own. It runs,
    its clients write, and nothing of it reaches the others, who count it as down.
    ## When it is wrong
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
    names = ", ".join(node.name for node in other.nodes)
    spans = (*_founding(other), *_founding(first)) or tuple(
        node.info.value.at for node in other.nodes if node.info and node.info.value
    )
    evidence = spans or (Span(other.nodes[0].state.path or other.nodes[0].name),)
    for one, two in ((first, other), (other, first)):
        for node in two.nodes:
            for server, at in _members(one):
                if node.address == server[1] and (node.id != server[0] or node.id in FOUNDER_IDS):
                    message = (
                        f"{node.name} belongs to another cluster ({two.name}), and the one of "
                        f"{', '.join(n.name for n in one.nodes)} counts its address {node.address} as member {server[0]}"
                    )
                    return Finding(message, (*_founding(two), at), Severity.HIGH, (node.name,), Effect.DEGRADED)
    return Finding(
        f"{names} belong{'s' * (len(other.nodes) == 1)} to another cluster ({other.name}) than "
        f"{', '.join(node.name for node in first.nodes)} ({first.name})",
        evidence,
        nodes=tuple(node.name for node in other.nodes),
    )


def _founding(cluster: Cluster) -> tuple[Span, ...]:
    return tuple(event.at for event in cluster.membership if event.index == 1)[:1]


def _members(cluster: Cluster) -> Iterator[tuple[tuple[int, str], Span]]:
    change = cluster.configuration
    for server in change.configuration.servers if change else ():
        yield (server.id, server.address), change.configuration.at if change else Span("")
