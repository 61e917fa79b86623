"""ID009: info.yaml and cluster.yaml give one node two identities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.member_record import MemberRecord
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """One ID at two addresses.

    Attributes:
        id: of the node.
        info_address, cluster_address: in info.yaml and in cluster.yaml.
    """

    kind: ClassVar[str] = "other-address"
    id: str
    info_address: str
    cluster_address: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"info.yaml has this node at {self.info_address}, cluster.yaml at {self.cluster_address}",
            (f"Both give it the ID {self.id}.",),
        )


@dataclass(frozen=True, slots=True)
class OtherId:
    """One address with two IDs.

    Attributes:
        address: of the node.
        info_id, cluster_id: in info.yaml and in cluster.yaml.
    """

    kind: ClassVar[str] = "other-id"
    address: str
    info_id: str
    cluster_id: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"info.yaml gives this node the ID {self.info_id}, cluster.yaml {self.cluster_id}",
            (f"Both have it at {self.address}.",),
        )


@rule(
    "ID009",
    "info.yaml and cluster.yaml contradict each other",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.INFO, Needs.CLUSTER),
    fires_on=("identity/address-differs", "identity/id-differs"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def contradiction(node: Node) -> Iterator[Finding]:
    """## What it checks
    The member in cluster.yaml with this node's ID has its address, and the one with its address has its ID. This is
    checked only where the node's raft configuration did not arrive: with it, CLU008 and CLU009 decide, and a
    cluster.yaml that is merely older proves nothing (CLU010).
    ## Why it matters
    The address in cluster.yaml comes from the raft configuration: there the others look for this node. If info.yaml has
    another one, an address was changed in one place only (a new IP address or host name) and the node is not found, or
    files of two nodes were mixed. Another ID at the same address means that the host joined again while the cluster
    still knows its old self.
    ## False alarm if
    cluster.yaml is older than a successful change of addresses. The raft files would tell: ask for them.
    ## What to do
    Find out which address the host has now. Change it on all nodes with the product's own recovery, not by editing one
    file.
    ## References
    https://github.com/canonical/microk8s/issues/5524; https://github.com/canonical/lxd/issues/5086;
    docs/reference/go-dqlite.md#what-the-files-mean; docs/reference/microcluster.md#relations-that-hold
    """
    info = node.info.value if node.info else None
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    if info is None or not info.id or not info.address or node.configuration is not None:
        return
    told = set()
    for member in members:
        problem = _compare(info.id, info.address, member)
        if problem is not None and problem not in told:
            told.add(problem)
            other = problem.cluster_id if isinstance(problem, OtherId) else problem.cluster_address
            yield Finding(problem, (info.at, member.at), where=(other,))


def _compare(own_id: int, own_address: str, member: MemberRecord) -> OtherAddress | OtherId | None:
    if member.id == own_id and member.address and member.address != own_address:
        return OtherAddress(str(own_id), own_address, member.address)
    if member.id and member.id != own_id and member.address == own_address:
        return OtherId(own_address, str(own_id), str(member.id))
    return None
