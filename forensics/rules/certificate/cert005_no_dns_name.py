"""CERT005: go-dqlite dials by the first DNS name of cluster.crt, and cannot do without one."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CERT005",
    "cluster certificate without a DNS name",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    products=("k8s-dqlite", "microk8s"),
    fires_on=("certificate/no-dns-name",),
    silent_on=("healthy/sosreports",),
)
def no_dns_name(node: Node) -> Iterator[Finding]:
    """## What it checks
    `cluster.crt` of products that hand it to go-dqlite's simple TLS set-up names at least one DNS name.
    ## Why it matters
    go-dqlite takes the first DNS name of its own certificate as the name to dial, without looking whether there is one:
    the process ends in a panic at start.
    ## False alarm if
    Where the product was changed to set its own dialling name.
    ## What to do
    Make a new certificate and key with a DNS name, and put them on all members.
    ## References
    FACTS 6.5; https://github.com/canonical/go-dqlite/issues/189
    """
    leaf = node.credentials.leaf("cluster")
    if leaf is not None and not leaf.names:
        yield Finding("cluster.crt has no DNS name among its alternative names", (leaf.at,))
