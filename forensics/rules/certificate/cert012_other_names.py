"""CERT012: server.crt was made before the member had this address or name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar

from forensics.facts.cluster.yaml_membership import host_part
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class OtherNames:
    """A server certificate that names neither the member nor its address.

    Attributes:
        file: its name.
        names: DNS names and IP addresses in the certificate.
        address: of this member, without the port.
        name: of this member; None where nothing tells it.
    """

    kind: ClassVar[str] = "other-names"
    file: str
    names: tuple[str, ...]
    address: str
    name: str | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        own = f"{self.name} at {self.address}" if self.name else self.address
        told = f"It names {listed(self.names)}." if self.names else "It names nobody."
        return Words(f"{self.file} does not name this member, {own}", (told,))


@rule(
    "CERT012",
    "server certificate without this member's address or name",
    Severity.INFO,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    effect=Effect.NONE,
    fires_on=("certificate/other-names",),
    silent_on=("healthy/k8sd", "healthy/lxd"),
)
def other_names(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The alternative names of `server.crt` contain the member's address or name, which daemon.yaml or LXD's local.db
    gives.
    ## Why it matters
    microcluster and LXD make this certificate at their first start, with the host's name and all addresses that it then
    has. If the member's own address is not among them, the host or the network was renumbered since. If the name is not
    either, the directory may come from another host. TLS between members still works: they trust the certificate
    itself, and dial by its first name.
    ## False alarm if
    An administrator made the certificate, or the network interface was added later.
    ## What to do
    Nothing for this alone. Read it together with findings about addresses and copied directories.
    ## References
    canonical/lxd shared/cert.go (AddHosts), shared/tls.go; docs/reference/go-dqlite.md#tls
    """
    leaf = node.credentials.leaf("server")
    address, name = _own(node)
    host = host_part(address) if address else None
    if leaf is None or host is None:
        yield NotChecked(
            "server.crt cannot be read, or nothing gives the member's address", "certificate-or-address-unknown"
        )
    elif not _names(leaf, host) and not (name and _names(leaf, name)):
        problem = OtherNames("server.crt", (*leaf.names, *leaf.addresses), host, name)
        yield Finding(problem, (leaf.at,), where=("server.crt",))


def _own(node: Node) -> tuple[str | None, str | None]:
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    if daemon is not None:
        return daemon.address, daemon.name
    own = node.local.own if node.local else None
    return (own.address, own.name or None) if own else (None, None)


def _names(leaf: Certificate, host: str) -> bool:
    try:
        return str(ip_address(host)) in leaf.addresses
    except ValueError:
        return host.lower() in {name.lower() for name in leaf.names}
