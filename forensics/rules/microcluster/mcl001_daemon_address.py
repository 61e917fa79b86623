"""MCL001: daemon.yaml and info.yaml disagree on this member's address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class AddressesDiffer:
    """Two addresses of one member.

    Attributes:
        daemon_address: in daemon.yaml.
        info_address: in database/info.yaml.
    """

    kind: ClassVar[str] = "addresses-differ"
    daemon_address: str
    info_address: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"daemon.yaml has the address {self.daemon_address}, database/info.yaml {self.info_address}")


@rule(
    "MCL001",
    "daemon.yaml and info.yaml give different addresses",
    Severity.HIGH,
    fault=FaultKind.ADDRESS,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.INFO),
    effect=Effect.NODE_DOWN,
    fires_on=("microcluster/other-address",),
    silent_on=("healthy/k8sd",),
)
def daemon_address(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `address` in daemon.yaml is `Address` in database/info.yaml.
    ## Why it matters
    The daemon passes its own address to go-dqlite, which compares it with info.yaml and refuses to start: `address "…"
    in info.yaml does not match "…"`.
    ## False alarm if
    The member has not joined yet.
    ## What to do
    Find out which address the host has now. Change it with the product's own recovery, on all members, not by editing
    one file.
    ## References
    docs/reference/microcluster.md#relations-that-hold (relation 1); docs/reference/go-dqlite.md#what-the-files-mean
    """
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    info = node.info.value if node.info else None
    if daemon is None or info is None or daemon.address is None or info.address is None:
        yield NotChecked("daemon.yaml or info.yaml gives no address", "address-unknown")
    elif daemon.address != info.address:
        yield Finding(AddressesDiffer(daemon.address, info.address), (daemon.at, info.at))
