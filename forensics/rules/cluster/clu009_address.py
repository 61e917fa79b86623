"""CLU009: a node that the cluster knows at another address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """A node whose own address is not the one that the cluster has for its ID.

    Attributes:
        id: of the node.
        own_address: of its info.yaml.
        known_address: of the newest configuration.
        configuration: the entry of that configuration.
    """

    kind: ClassVar[str] = "other-address"
    node: str
    id: str
    own_address: str
    known_address: str
    configuration: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the cluster knows {self.node} at another address than its own",
            (
                f"Its info.yaml has {self.own_address}.",
                f"The configuration of entry {self.configuration} has {self.known_address} for ID {self.id}.",
            ),
        )


@rule(
    "CLU009",
    "node that the cluster knows at another address",
    Severity.HIGH,
    fault=FaultKind.ADDRESS,
    scope=Cluster,
    needs=(Needs.INFO, Needs.CONFIGURATION),
    effect=Effect.DEGRADED,
    fires_on=("cluster/moved-address",),
    silent_on=("cluster/address-change", "healthy/running-111"),
)
def address(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The address in info.yaml, against the address of the same ID in the newest configuration of the node that got
    furthest.
    ## Why it matters
    The members dial the address in the raft configuration. After a change of the machine's network they reach nobody
    there, or another machine. Editing info.yaml alone lets the node start, but changes nothing for the others.
    ## False alarm if
    It is a standalone server of LXD, which has the address `1` until it joins or becomes a cluster.
    ## What to do
    Give the machine its old address back. Or change the addresses of all members with the product's recovery, once, on
    one node, and copy the result to the others (`plan`).
    ## References
    docs/reference/go-dqlite.md#what-the-files-mean; docs/reference/microcluster.md#relations-that-hold (relation 8);
    canonical/microk8s#2689, #5524
    """
    newest = cluster.configuration
    for node in cluster.originals():
        info = node.info.value if node.info else None
        server = cluster.known_elsewhere(node)
        if newest and info and info.address and server:
            yield Finding(
                OtherAddress(node.name, str(info.id), info.address, server.address, newest.index),
                (info.at, newest.configuration.at),
                nodes=(node.name,),
                where=(str(info.id),),
            )
