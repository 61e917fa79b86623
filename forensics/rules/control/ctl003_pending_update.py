"""CTL003: the next start executes update.yaml, and forces the membership to this node alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.parsers.control import parse_start_file
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.wording import Words, count, sentences


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """An update.yaml that the next start executes.

    Attributes:
        address: that it gives the node; None where it cannot be read.
        members: how many cluster.yaml lists; 0 where unknown.
    """

    kind: ClassVar[str] = "pending-update"
    address: str | None
    members: int

    def words(self, severity: Severity) -> Words:
        """See Problem."""
        where = f" at {self.address}" if self.address else ""
        known = f"cluster.yaml lists {count(self.members, 'member')}." if self.members else ""
        return Words(
            f"update.yaml makes this node the only member{where} at its next start",
            sentences(known),
            None if severity is Severity.HIGH else "Check that the address is the one that you want.",
        )


@rule(
    "CTL003",
    "next start forces the membership to this node alone (update.yaml)",
    Severity.HIGH,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Node,
    effect=Effect.ATTENTION,
    fires_on=("control/pending-update",),
    silent_on=("healthy/trimmed-111", "control/update-as-list"),
)
def pending_update(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there is an update.yaml. With an init.yaml beside it the product ignores it; see CTL001 for that. At one
    that is no mapping it stops; see CTL005.
    ## Why it matters
    k8s-dqlite executes the file at the next start: it rewrites the raft configuration to this node alone, at the new
    address, and removes the file. On a member of a running cluster this splits the cluster, because the others do not
    know of it.
    ## False alarm if
    The node is a single one whose address changes. Then this is what is wanted, and the finding is milder.
    ## What to do
    Make sure that this is wanted, on this node only, and that the other nodes are stopped. Otherwise remove the file
    before the next start.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; docs/reference/raft.md#traces-of-a-recovery;
    docs/reference/k8s-dqlite.md#control-files
    """
    start = next(iter(node.state.of_role(FileRole.UPDATE)), None)
    if start is None or node.state.of_role(FileRole.INIT):
        return
    parsed = parse_start_file(start.blob).value if start.blob else None
    if start.blob is not None and parsed is None:
        return  # the product stops at it: CTL005
    members = len(node.cluster.value.members) if node.cluster and node.cluster.value else 0
    problem = PendingUpdate(parsed.address if parsed else None, members)
    yield Finding(problem, (start.at,), None if members > 1 else Severity.LOW)
