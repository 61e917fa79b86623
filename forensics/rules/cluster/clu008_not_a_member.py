"""CLU008: a directory whose node is not a member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, sentences


@dataclass(frozen=True, slots=True)
class NotAMember:
    """A node whose ID is not in the newest configuration.

    Attributes:
        id: of its info.yaml.
        configuration: the entry of that configuration.
        removed_by: the entry that removed it; None where the evidence does not show it.
        address: its own.
        successor: the ID of the member that has this address now; None where nobody has it.
    """

    kind: ClassVar[str] = "not-a-member"
    node: str
    id: str
    configuration: int
    removed_by: int | None
    address: str | None
    successor: str | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        was = "was removed from the cluster, but its directory is still there"
        how = (
            f"ID {self.id} of info.yaml is not in the newest configuration (entry {self.configuration})."
            if self.removed_by is None
            else f"Entry {self.removed_by} removed ID {self.id}."
        )
        taken = f"Its address {self.address} now belongs to member {self.successor}." if self.successor else ""
        return Words(
            f"{self.node} {'is not a member of the cluster' if self.removed_by is None else was}", sentences(how, taken)
        )


@rule(
    "CLU008",
    "node that is not a member of the cluster",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY,
    scope=Cluster,
    needs=(Needs.INFO, Needs.CONFIGURATION),
    fires_on=("cluster/removed-node", "cluster/replaced-node"),
    silent_on=("healthy/running-111",),
)
def not_a_member(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The ID in every node's info.yaml, against the newest configuration of the node that got furthest; and which entry
    removed it.
    ## Why it matters
    The directory of a removed node still says that the node is a member. The node finds no leader, its service hangs or
    fails, and it asks the members for votes that they do not give. Nothing in its own directory shows the reason.
    ## False alarm if
    The node is just being added: it has its ID before the entry that adds it is written.
    ## What to do
    If the node should be a member, empty its directory and let it join again. If not, remove the service and the
    directory from that machine, so that nobody recovers from it.
    ## References
    docs/reference/go-dqlite.md#what-the-files-mean; docs/reference/microcluster.md#relations-that-hold (relation 8)
    """
    newest = cluster.configuration
    for node in cluster.originals():
        info = node.info.value if node.info else None
        if newest is None or info is None or not info.id or not cluster.is_outside(node):
            continue
        left = next((event for event in cluster.membership if _left_by(cluster, node, event.index)), None)
        if left is not None and left.forced:
            continue  # CLU004 tells of those that a recovery left behind
        removed_by = left.index if left else None
        yield Finding(
            NotAMember(node.name, str(info.id), newest.index, removed_by, node.address, _successor(newest, node)),
            (info.at, left.at if left else newest.configuration.at),
            nodes=(node.name,),
            effect=Effect.ATTENTION,
            where=(str(info.id),),
        )


def _successor(newest: ConfigurationChange, node: Node) -> str | None:
    """The member that has the node's address now."""
    return next((str(server.id) for server in newest.configuration.servers if server.address == node.address), None)


def _left_by(cluster: Cluster, node: Node, index: int) -> bool:
    """The entry at `index` is the first without the node behind one with it."""
    before = [event for event in cluster.membership if event.index < index]
    at = [event for event in cluster.membership if event.index == index]
    was = bool(before and node.id is not None and before[-1].configuration.by_id(node.id))
    return was and any(node.id is not None and event.configuration.by_id(node.id) is None for event in at)
