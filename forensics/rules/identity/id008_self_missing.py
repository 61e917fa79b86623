"""ID008: a node that its own cluster.yaml does not list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count


@dataclass(frozen=True, slots=True)
class SelfMissing:
    """A node that is not among the members that it knows.

    Attributes:
        id, address: in info.yaml; the address None where it has none.
        members: that cluster.yaml lists.
    """

    kind: ClassVar[str] = "self-missing"
    id: str
    address: str | None
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        at = f" at {self.address}" if self.address else ""
        return Words(
            "cluster.yaml does not list this node",
            (f"info.yaml has the ID {self.id}{at}; cluster.yaml lists {count(self.members, 'other member')}.",),
        )


@rule(
    "ID008",
    "node missing from its own cluster.yaml",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.INFO, Needs.CLUSTER),
    fires_on=("identity/self-missing",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def self_missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    cluster.yaml lists a member with the ID or the address from info.yaml.
    ## Why it matters
    cluster.yaml is the leader's list of members, and is written anew twice a minute. A node that is not in it was
    removed while it was running, was never added, or has the file of another cluster.
    ## False alarm if
    The node has only just joined: its members then have the ID 0, which is recognised and not reported.
    ## What to do
    See whether the raft configuration of the other nodes contains this ID. If not, the node is no member: let it join
    again with an empty directory.
    ## References
    https://github.com/canonical/microk8s/issues/1401; docs/reference/go-dqlite.md#what-the-files-mean
    """
    info = node.info.value if node.info else None
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    if info is None or info.id is None or not members or all(member.id == 0 for member in members):
        yield NotChecked("info.yaml or cluster.yaml gives no ID", "identity-unknown")
    elif not any(member.id == info.id or member.address == info.address for member in members):
        problem = SelfMissing(str(info.id), info.address, len(members))
        yield Finding(problem, (info.at, *(member.at for member in members)))
