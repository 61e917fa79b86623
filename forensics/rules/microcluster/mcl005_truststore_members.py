"""MCL005: the truststore and the raft configuration name different members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class NotTrusted:
    """Raft members without a truststore entry.

    Attributes:
        addresses: of the members.
    """

    kind: ClassVar[str] = "not-trusted"
    addresses: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"raft has members that are not in the truststore: {listed(self.addresses)}")


@dataclass(frozen=True, slots=True)
class NotInRaft:
    """Truststore entries of hosts that are no raft members.

    Attributes:
        addresses: in the entries.
    """

    kind: ClassVar[str] = "not-in-raft"
    addresses: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the truststore has hosts that are not in raft: {listed(self.addresses)}")


@rule(
    "MCL005",
    "truststore and raft configuration disagree on the members",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.CONFIGURATION),
    fires_on=("microcluster/not-in-own-truststore",),
    silent_on=(
        "healthy/k8sd",
        "microcluster/truststore-cut-away",
    ),
)
def members(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The addresses in the truststore are those in the newest raft configuration of this node.
    ## Why it matters
    A raft member that nobody trusts cannot vote. A trusted host that is no raft member was removed or joined only half.
    ## False alarm if
    A member joined or was removed less than one heartbeat (10 s) before the copy. A pending member is trusted before it
    is in raft.
    ## What to do
    Compare with `core_cluster_members`, and with what was added or removed last.
    ## References
    docs/reference/microcluster.md#relations-that-hold (relation 4)
    """
    configuration = node.configuration
    if node.microcluster is None or configuration is None:
        return
    if node.log.unread_behind(configuration.index):
        yield NotChecked("a newer configuration may lie in what did not arrive", "configuration-may-be-older")
        return
    entries = node.microcluster.entries()
    if not node.microcluster.truststore:
        yield NotChecked("no truststore entry arrived", "missing-truststore")
        return
    if not node.microcluster.whole_truststore or any(entry.address is None for entry in entries):
        yield NotChecked("some truststore entries cannot be read, or did not arrive", "truststore-not-whole")
        return
    trusted = {entry.address for entry in entries if entry.address}
    raft = {server.address for server in configuration.configuration.servers}
    evidence = (configuration.configuration.at, *(entry.at for entry in entries))
    if raft - trusted:
        yield Finding(NotTrusted(tuple(sorted(raft - trusted))), evidence)
    if trusted - raft:
        yield Finding(NotInRaft(tuple(sorted(trusted - raft))), evidence)
