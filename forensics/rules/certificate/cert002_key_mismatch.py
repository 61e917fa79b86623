"""CERT002: a private key that does not belong to the certificate beside it."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "CERT002",
    "private key does not match its certificate",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.CERTIFICATES, Needs.KEYS),
    fires_on=("certificate/other-key",),
    silent_on=("healthy/k8sd",),
)
def key_mismatch(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The public half of each `NAME.key` against the public key of the first certificate in `NAME.crt` (only digests of
    public keys are compared).
    ## Why it matters
    No TLS connection can be served with the pair: the daemon refuses to start, or no peer can talk to it.
    ## False alarm if
    Never, where both files can be read.
    ## What to do
    Copy certificate and key together from a healthy member (`cluster.*`), or from a backup of this node (`server.*`).
    ## References
    FACTS 6.5, 8.3
    """
    for name, key_file in node.credentials.keys.items():
        leaf = node.credentials.leaf(name)
        if leaf is None or key_file.key is None or leaf.public_key is None:
            yield NotChecked(f"{name}: certificate and key are not both readable")
        elif leaf.public_key != key_file.key.public_key:
            yield Finding(
                f"{key_file.file.name} ({key_file.key.key_type}) is not the key of {name}.crt ({leaf.key_type})",
                (leaf.at, key_file.key.at),
            )
