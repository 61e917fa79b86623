"""MBR005: a node's own id is not the one that the others know for its address."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "MBR005",
    "a node's own id is not the one that the others know for its address",
    Severity.HIGH,
    scope=Cluster,
    effect=Effect.NODE_DOWN,
    fires_on=("member/other-identity",),
    silent_on=("member/healthy-yaml",),
)
def other_identity(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    info.yaml of each node against the entries of the same address in the cluster.yaml of every other node. Only
    where no raft configuration arrived: with one, the membership rules judge that.
    ## Why it matters
    The node was set up anew without being removed first: the cluster still knows its address under the old id. It
    cannot join (the address is taken), and the old identity never comes back.
    ## False alarm if
    cluster.yaml of the other node is older than the node's new identity.
    ## What to do
    Remove the old member on a working node by its address, then let the node join again.
    ## References
    https://github.com/canonical/microk8s/issues/4025; https://github.com/canonical/microk8s/issues/1401
    """
    if cluster.configuration is not None or len(cluster.nodes) < 2:
        yield NotChecked("a raft configuration is at hand, or there is one node only")
        return
    for node in cluster.nodes:
        if node.id is None or node.address is None or node.info is None or node.info.value is None:
            continue
        for other in cluster.nodes:
            for member in other.cluster.value.members if other.cluster and other.cluster.value else ():
                if member.address == node.address and member.id not in (node.id, 0, None):
                    told = f"{other.name} knows {node.address} as id {member.id}"
                    message = f"{node.name} has id {node.id}, but {told}: a stale identity"
                    yield Finding(message, (node.info.value.at, member.at), nodes=(node.name,))
