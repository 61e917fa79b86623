"""CERT005: go-dqlite dials by the first DNS name of cluster.crt, and cannot do without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class NoDnsName:
    """A certificate without a DNS name among its alternative names.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "no-dns-name"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} has no DNS name among its alternative names")


@rule(
    "CERT005",
    "cluster certificate without a DNS name",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    products=("k8s-dqlite", "microk8s"),
    effect=Effect.NODE_DOWN,
    fires_on=("certificate/no-dns-name",),
    silent_on=("healthy/sosreports",),
)
def no_dns_name(node: Node) -> Iterator[Finding]:
    """## What it checks
    `cluster.crt` has at least one DNS name, in the products that pass it to go-dqlite's simple TLS set-up.
    ## Why it matters
    go-dqlite takes the first DNS name of its own certificate as the name to dial, and does not check that there is
    one: the process ends in a panic at every start.
    ## False alarm if
    The product was changed and sets the name to dial itself.
    ## What to do
    Make a new key pair with a DNS name in the certificate, and put it on all members.
    ## References
    docs/reference/go-dqlite.md#tls; https://github.com/canonical/go-dqlite/issues/189
    """
    leaf = node.credentials.leaf("cluster")
    if leaf is not None and not leaf.names:
        yield Finding(NoDnsName("cluster.crt"), (leaf.at,), where=("cluster.crt",))
