"""MCL003: a member that is not in its own truststore, or is there with another certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.microcluster import Daemon, TrustEntry
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class NoOwnEntry:
    """No truststore entry has the member's name.

    Attributes:
        name: of the member, in daemon.yaml.
    """

    kind: ClassVar[str] = "no-own-entry"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the truststore has no entry for this member, {self.name}")


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """The own truststore entry has another address.

    Attributes:
        name: of the member.
        entry_address, daemon_address: in the truststore entry and in daemon.yaml.
    """

    kind: ClassVar[str] = "other-address"
    name: str
    entry_address: str
    daemon_address: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the truststore has this member, {self.name}, at another address than daemon.yaml",
            (f"The truststore entry says {self.entry_address}, daemon.yaml {self.daemon_address}.",),
        )


@dataclass(frozen=True, slots=True)
class OtherCertificate:
    """The own truststore entry has another certificate than server.crt.

    Attributes:
        name: of the member.
    """

    kind: ClassVar[str] = "other-certificate"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the truststore has another certificate for this member, {self.name}, than its server.crt")


@rule(
    "MCL003",
    "member is not in its own truststore as it is",
    Severity.MEDIUM,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/not-in-own-truststore",),
    silent_on=("healthy/k8sd",),
)
def not_trusted(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The truststore has an entry with the name from daemon.yaml; its address is the one in daemon.yaml, and its
    certificate is server.crt.
    ## Why it matters
    All members have the same truststore: the others refuse a member that is not in it as it is now.
    ## False alarm if
    The member was just joining. Where a collector copied only some truststore entries (sos copies one), this is not
    checked.
    ## What to do
    Compare with the truststore of the other members, and with `core_cluster_members`. Restore the entry from a healthy
    member; after a change of addresses, use the product's cluster recovery.
    ## References
    docs/reference/microcluster.md#relations-that-hold (relations 2, 3 and 5)
    """
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    if node.microcluster is None or daemon is None or daemon.name is None:
        yield NotChecked("daemon.yaml gives no name", "name-unknown")
        return
    entries = node.microcluster.entries()
    own = next((entry for entry in entries if entry.name == daemon.name), None)
    if own is not None:
        yield from _compare(node, daemon, own, daemon.name)
    elif not entries:
        yield NotChecked("no truststore entry arrived", "missing-truststore")
    elif not node.microcluster.whole_truststore:
        yield NotChecked("some truststore entries cannot be read, or did not arrive", "truststore-not-whole")
    else:
        yield Finding(NoOwnEntry(daemon.name), (daemon.at, entries[0].at))


def _compare(node: Node, daemon: Daemon, own: TrustEntry, name: str) -> Iterator[Finding]:
    if daemon.address and own.address and own.address != daemon.address:
        yield Finding(OtherAddress(name, own.address, daemon.address), (own.at, daemon.at))
    leaf = node.credentials.leaf("server")
    if leaf and own.certificate and leaf.fingerprint != own.certificate.fingerprint:
        yield Finding(OtherCertificate(name), (own.at, leaf.at))
