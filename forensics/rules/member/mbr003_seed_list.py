"""MBR003: cluster.yaml is only a seed list: the node never joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, count


@dataclass(frozen=True, slots=True)
class SeedList:
    """A cluster.yaml of which all IDs are 0: how many."""

    kind: ClassVar[str] = "seed-list"
    node: str
    entries: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        if self.entries == 1:
            return Words(
                "the node never finished its first start",
                ("The only ID in its cluster.yaml is 0.",),
            )
        return Words(
            "the node never finished joining the cluster",
            (f"Its cluster.yaml has {count(self.entries, 'address', 'addresses')} to try, all with ID 0.",),
        )


@rule(
    "MBR003",
    "node that never finished joining the cluster",
    Severity.HIGH,
    fault=FaultKind.IDENTITY,
    scope=Node,
    needs=(Needs.CLUSTER,),
    effect=Effect.NODE_DOWN,
    fires_on=("member/seed-list",),
    silent_on=("healthy/running-111",),
)
def seed_list(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether all IDs in cluster.yaml are 0.
    ## Why it matters
    At its first start, go-dqlite writes the addresses that it was given, with ID 0. As soon as it finds a leader, the
    real list replaces them. If the zeros stay, this node never reached a leader: its join is not complete, and it does
    not know the members.
    ## False alarm if
    The copy was made within the first seconds of the node's life.
    ## What to do
    Find out why the node cannot reach the leader (address, port, certificate, latency). If the other members list it,
    remove it there before it joins again.
    ## References
    https://github.com/canonical/microk8s/issues/2033; docs/reference/go-dqlite.md#what-the-files-mean
    """
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    if members and all(member.id == 0 for member in members):
        evidence = tuple(member.at for member in members[:3])
        yield Finding(SeedList(node.name, len(members)), evidence, where=("cluster.yaml",))
