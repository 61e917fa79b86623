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


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A database that is another member's, whose machine has this one's, or a third one's.

    Attributes:
        daemon_address: in daemon.yaml.
        info_address: in database/info.yaml.
        owner: the node whose daemon.yaml has that address.
    """

    kind: ClassVar[str] = "exchanged"
    daemon_address: str
    info_address: str
    owner: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "database folders lie on each other's machines",
            (
                f"database/info.yaml has {self.info_address}, the address in {self.owner}'s daemon.yaml.",
                f"daemon.yaml here has {self.daemon_address}.",
            ),
        )


@rule(
    "MCL001",
    "daemon.yaml and info.yaml give different addresses",
    Severity.HIGH,
    fault=FaultKind.ADDRESS,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.INFO),
    effect=Effect.NODE_DOWN,
    fires_on=("microcluster/other-address", "microcluster/exchanged-databases"),
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
    Where two members have each other's database, put both folders back: nothing is wrong with either, so empty none and
    force nothing. Else find out which address the host has now. Change it with the product's own recovery, on all
    members, not by editing one file.
    ## References
    docs/reference/microcluster.md#relations-that-hold (relation 1); docs/reference/go-dqlite.md#what-the-files-mean
    """
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    info = node.info.value if node.info else None
    if daemon is None or info is None or daemon.address is None or info.address is None:
        yield NotChecked("daemon.yaml or info.yaml gives no address", "address-unknown")
    elif daemon.address != info.address:
        at = (daemon.at, info.at)
        owner = next((one.owner for one in node.unmet if one.owner), None)
        if owner is None:
            yield Finding(AddressesDiffer(daemon.address, info.address), at)
        else:
            yield Finding(Exchanged(daemon.address, info.address, owner), at)
