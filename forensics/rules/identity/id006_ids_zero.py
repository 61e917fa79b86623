"""ID006: cluster.yaml with members of ID 0."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "ID006",
    "cluster.yaml with members of ID 0",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.CLUSTER,),
    fires_on=("identity/cluster-ids-zero",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def ids_zero(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every member in cluster.yaml has an ID above 0.
    ## Why it matters
    At its first start a node knows addresses only and writes them with ID 0; as soon as it has reached a leader it
    writes the real list, within half a minute. Where the zeros stay, the node never reached a leader: wrong address,
    wrong certificate, or a cluster without one.
    ## When it is wrong
    In the first seconds of a node's life.
    ## What to do
    Check that the addresses can be reached from this node, and that all nodes share one certificate. Then look at the
    journal of its first start.
    ## References
    https://github.com/canonical/microk8s/issues/2033; https://github.com/canonical/microk8s/issues/4713; FACTS 6.3
    """
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    zeros = [member for member in members if member.id == 0]
    if zeros:
        message = (
            f"{len(zeros)} of {len(members)} members in cluster.yaml have ID 0: this node has not reached a leader"
        )
        yield Finding(message, tuple(member.at for member in zeros))
