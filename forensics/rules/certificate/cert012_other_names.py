"""CERT012: server.crt was made before the member had this address or name."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from forensics.facts.cluster.yaml_membership import host_part
from forensics.facts.node.node import Node
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "CERT012",
    "server certificate names neither this member's address nor its name",
    Severity.INFO,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    effect=Effect.NONE,
    fires_on=("certificate/other-names",),
    silent_on=("healthy/k8sd", "healthy/lxd"),
)
def other_names(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The alternative names of `server.crt` against the member's address and name, by daemon.yaml or LXD's local.db.
    ## Why it matters
    microcluster and LXD make the certificate at their first start, with the host's name and every address that it has
    then. Where the member's own address is not among them, host or network were renumbered since; where the name is not
    either, the directory may come from another host. TLS between members does not mind: they trust the certificate
    itself, and dial by its first name.
    ## False alarm if
    A certificate that the administrator made, and an interface that was added later.
    ## What to do
    Nothing for its own sake. Read it together with findings about addresses and copied directories.
    ## References
    canonical/lxd shared/cert.go (AddHosts), shared/tls.go; FACTS 6.5
    """
    leaf = node.credentials.leaf("server")
    address, name = _own(node)
    host = host_part(address) if address else None
    if leaf is None or host is None:
        yield NotChecked("server.crt cannot be read, or nothing gives the member's address")
        return
    if _names(leaf, host) or (name and _names(leaf, name)):
        return
    told = ", ".join((*leaf.names, *leaf.addresses)) or "nothing"
    own = f"{name} at {host}" if name else host
    yield Finding(f"server.crt names {told}, and not {own}", (leaf.at,))


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
