"""CLU009: a node that the cluster knows at another address."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU009",
    "node at another address than the cluster knows",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.INFO, Needs.CONFIGURATION),
    effect=Effect.DEGRADED,
    fires_on=("cluster/moved-address",),
    silent_on=("cluster/address-change", "healthy/running-111"),
)
def address(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The address in info.yaml, against that of the same ID in the newest configuration of the node that got furthest.
    ## Why it matters
    The members dial the address of the raft configuration. After a change of the machine's network they reach nobody
    there, or somebody else; editing info.yaml alone makes the node start and changes nothing for the others.
    ## False alarm if
    LXD's standalone servers have the address `1` until they are clustered.
    ## What to do
    Give the machine its old address back, or change the addresses of all members with the product's recovery, once, on
    one node, and copy the result (`plan`).
    ## References
    FACTS 6.3, 8.3 (relation 8); canonical/microk8s#2689, #5524
    """
    newest = cluster.configuration
    for node in cluster.originals():
        info = node.info.value if node.info else None
        server = newest.configuration.by_id(info.id) if newest and info and info.id else None
        if newest and info and server and info.address and info.address != server.address:
            yield Finding(
                f"{node.name}: info.yaml has {info.address}, the configuration of entry {newest.index} has "
                f"{server.address} for ID {info.id}",
                (info.at, newest.configuration.at),
                nodes=(node.name,),
            )
