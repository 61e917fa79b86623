"""MBR005: a node's own ID is not the one that the others know for its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.member_record import MemberRecord
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OtherIdentity:
    """A node that another one knows under another ID.

    Attributes:
        id, address: its own.
        other: who knows it otherwise.
        known_id: under which ID.
    """

    kind: ClassVar[str] = "other-identity"
    node: str
    id: str
    address: str
    other: str
    known_id: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"cluster.yaml of {self.other} lists {self.node} under another ID than its own",
            (
                f"{self.node} has ID {self.id}, but its address {self.address} is listed with ID {self.known_id}.",
                "The node was probably set up anew without being removed first.",
            ),
        )


@rule(
    "MBR005",
    "node that the others know under another ID",
    Severity.HIGH,
    fault=FaultKind.IDENTITY,
    scope=Cluster,
    effect=Effect.NODE_DOWN,
    fires_on=("member/other-identity",),
    silent_on=("member/healthy-yaml",),
)
def other_identity(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Each node's info.yaml, against the entries with the same address in every other node's cluster.yaml. If a raft
    configuration arrived, the rules about members judge that instead.
    ## Why it matters
    The node was set up anew without being removed first, so the cluster still knows its address under the old ID. It
    cannot join, because the address is taken, and the old identity never comes back.
    ## False alarm if
    The cluster.yaml of the other node is older than the node's new identity.
    ## What to do
    Remove the old member by its address, on a working node. Then let the node join again.
    ## References
    https://github.com/canonical/microk8s/issues/4025; https://github.com/canonical/microk8s/issues/1401
    """
    if cluster.configuration is not None:
        yield NotChecked("a raft configuration arrived, which other rules judge", "raft-configuration-at-hand")
        return
    if len(cluster.nodes) < 2:
        yield NotChecked("there is one node only", "one-node")
        return
    for node, other in product(cluster.nodes, repeat=2):
        info = node.info.value if node.info else None
        for member in _known_otherwise(node, other) if info else ():
            problem = OtherIdentity(node.name, str(node.id), str(node.address), other.name, str(member.id))
            evidence = (info.at, member.at) if info else (member.at,)
            yield Finding(problem, evidence, nodes=(node.name,), where=(other.name, problem.known_id))


def _known_otherwise(node: Node, other: Node) -> Iterator[MemberRecord]:
    """What the other node lists at this node's address, under another ID."""
    if node.id is None or node.address is None:
        return
    for member in other.cluster.value.members if other.cluster and other.cluster.value else ():
        if member.address == node.address and member.id not in (node.id, 0, None):
            yield member
