"""HST002: the machine no longer has the node's address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.facts.cluster.yaml_membership import host_part, is_ip
from forensics.facts.machine.host import Host
from forensics.facts.machine.listed_here import ListedMembers, listed_members_of
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, listed, sentences


@dataclass(frozen=True, slots=True)
class AddressGone:
    """The address in info.yaml is none of the machine's.

    Attributes:
        address: in info.yaml, without the port.
        has: addresses of the machine's interfaces.
    """

    kind: ClassVar[str] = "address-gone"
    address: str
    has: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the machine no longer has the address {self.address} from info.yaml",
            (f"It has {listed(self.has, 4)}.",),
        )


@dataclass(frozen=True, slots=True)
class HostRenamed:
    """The host name in info.yaml is not the machine's.

    Attributes:
        name: in info.yaml, without the port.
        is_called: the machine.
    """

    kind: ClassVar[str] = "host-renamed"
    name: str
    is_called: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"info.yaml has the host name {self.name}, but the machine is called {self.is_called}")


@dataclass(frozen=True, slots=True)
class ListedElsewhere:
    """A member of a list that bears the machine's name, at an address that the machine does not have.

    Attributes:
        name: the member's.
        addresses: its, by the list. has: of the machine's interfaces.
    """

    kind: ClassVar[str] = "listed-elsewhere"
    name: str
    addresses: tuple[str, ...]
    has: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the list of members has {self.name} at {listed(self.addresses)}, which that machine does not have",
            (f"It has {listed(self.has, 4)}.",),
        )


@dataclass(frozen=True, slots=True)
class NoneOfTheMembers:
    """A list of members none of which has an address of the machine.

    Attributes:
        addresses: the members', without ports. has: of the machine's interfaces.
    """

    kind: ClassVar[str] = "none-of-the-members"
    addresses: tuple[str, ...]
    has: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        only = len(self.addresses) == 1
        return Words(
            f"the machine does not have the address {self.addresses[0]} of the only member"
            if only
            else "the machine has none of the addresses that the members have",
            sentences(
                f"It has {listed(self.has, 4)}.",
                "" if only else f"The list of members has {listed(self.addresses, 4)}.",
            ),
        )


@rule(
    "HST002",
    "machine no longer has the node's address",
    Severity.HIGH,
    fault=FaultKind.ADDRESS,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("host/address-gone", "host/renamed", "host/pasted-addresses", "host/pasted-addresses-and-list"),
    silent_on=("host/healthy", "host/pasted-addresses-fit"),
)
def address_gone(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The machine has the address that is in info.yaml on one of its interfaces; or its name is the host name there. Where
    a text has no info.yaml, but a list of members (a table, `microk8s status`, cluster.yaml, a line of a log) and
    beside it what `ip addr`, `ifconfig` or `hostname -I` printed: one of the members has an address of the machine.
    This is `medium` where the list has several members and none bears the machine's name.
    ## Why it matters
    Raft knows members by the address in its configuration. When the machine's address or name changes, the others still
    dial the old one, and the node cannot listen on it. No leader is found, and no log says why.
    ## False alarm if
    The address is behind NAT, or it is a virtual one that was elsewhere at that moment. `sos clean` replaces addresses,
    but consistently within one set.
    ## What to do
    Give the machine its old address back. Or change the membership in the product's own way, on one node while the
    others are stopped: `plan` of this tool says how.
    ## References
    https://github.com/canonical/microk8s/issues/2689; https://github.com/canonical/microk8s/issues/1955;
    https://github.com/canonical/microk8s/issues/5524
    """
    seen = False
    for host in case.hosts:
        for node in case.nodes_of(host):
            address = host_part(node.address)
            if address is None or node.info is None or node.info.value is None or not _is_comparable(address, host):
                continue
            seen = True
            yield from _compare(address, host, node, node.info.value.at)
    for listing in () if seen else listed_members_of(case):
        seen = True
        yield from _compare_list(listing)
    if not seen:
        yield NotChecked("the addresses of the machine (ip addr) are not in the upload", "missing-addresses")


def _is_comparable(address: str, host: Host) -> bool:
    """Loopback addresses are every machine's, and what the machine has must be known."""
    if is_ip(address):
        return bool(host.addresses) and not address.startswith("127.") and address != "::1"
    return bool(host.name) and address != "localhost"


def _compare(address: str, host: Host, node: Node, at: Span) -> Iterator[Finding]:
    where = (node.state.product.database, address)
    if is_ip(address):
        if address.lower() not in host.addresses:
            spans = (at, next(iter(host.addresses.values())))
            yield Finding(AddressGone(address, tuple(sorted(host.addresses))), spans, nodes=(node.name,), where=where)
    elif host.name and _first_label(address) != _first_label(host.name):
        yield Finding(HostRenamed(address, host.name), (at,), nodes=(node.name,), where=where)


def _compare_list(listing: ListedMembers) -> Iterator[Finding]:
    addresses = tuple(dict.fromkeys(member.address for member in listing.members))
    if any(address in listing.machine for address in addresses):
        return
    has = tuple(sorted(listing.machine))
    spans = (*(member.at for member in listing.members), next(iter(listing.machine.values())))
    problem = ListedElsewhere(listing.name, addresses, has) if listing.name else NoneOfTheMembers(addresses, has)
    yield Finding(
        problem,
        tuple(dict.fromkeys(spans)),
        Severity.HIGH if listing.name or len(addresses) == 1 else Severity.MEDIUM,
        nodes=(listing.name,) if listing.name else (),
        where=addresses,
    )


def _first_label(name: str) -> str:
    return name.partition(".")[0].lower()
