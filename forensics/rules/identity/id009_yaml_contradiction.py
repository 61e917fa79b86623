"""ID009: info.yaml and cluster.yaml give one node two identities."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "ID009",
    "info.yaml and cluster.yaml contradict each other",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.INFO, Needs.CLUSTER),
    fires_on=("identity/address-differs", "identity/id-differs"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def contradiction(node: Node) -> Iterator[Finding]:
    """## What it checks
    The member of cluster.yaml with this node's ID has its address, and the one with its address has its ID. Only where
    no raft configuration of the node is at hand: that one decides otherwise (CLU008, CLU009), and a cluster.yaml that
    merely lags proves nothing (CLU010).
    ## Why it matters
    The address in cluster.yaml comes from the raft configuration: that is where the others look for this node. Another
    one in info.yaml means that an address was changed in one place only (a new IP, a new host name), and the node is
    not found; or that files of two nodes were mixed. Another ID at the same address means that the host joined anew
    while the cluster still knows its old self.
    ## False alarm if
    A cluster.yaml that is older than a change of addresses that went well: ask for the raft files.
    ## What to do
    Find out the host's address now, and change it on all nodes with the product's own recovery, not by editing one
    file.
    ## References
    https://github.com/canonical/microk8s/issues/5524; https://github.com/canonical/lxd/issues/5086; FACTS 6.3, 8.3
    """
    info = node.info.value if node.info else None
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    if info is None or not info.id or node.configuration is not None:
        return
    for member in members:
        if member.id == info.id and member.address and info.address and member.address != info.address:
            message = f"ID {info.id} is at {info.address} in info.yaml, at {member.address} in cluster.yaml"
            yield Finding(message, (info.at, member.at))
        elif member.id and member.id != info.id and member.address == info.address:
            message = f"{info.address} is ID {info.id} in info.yaml, ID {member.id} in cluster.yaml"
            yield Finding(message, (info.at, member.at))
