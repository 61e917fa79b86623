"""CERT006: keys and signatures that TLS libraries of today refuse, or soon will."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule

_RSA_BITS_MIN = 2048
_WEAK_HASHES = ("md5", "sha1")


@rule(
    "CERT006",
    "certificate with a weak key or signature",
    Severity.LOW,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    fires_on=("certificate/short-rsa-key",),
    silent_on=("healthy/k8sd",),
)
def weak(node: Node) -> Iterator[Finding]:
    """## What it checks
    RSA keys of at least 2048 bits; no signature over MD5 or SHA-1.
    ## Why it matters
    Go refuses SHA-1 signatures since 1.18 and RSA keys below 1024 bits since 1.24: an upgrade of the product can cut
    the member off.
    ## When it is wrong
    A self-signed certificate that is pinned works with a weak signature.
    ## What to do
    Plan a rotation. It is not the cause of a node that does not start today.
    ## References
    FACTS 6.5
    """
    for certificate_file in node.credentials.certificates.values():
        leaf = certificate_file.leaf
        if leaf is None:
            continue
        if leaf.key_type == "RSA" and leaf.key_bits is not None and leaf.key_bits < _RSA_BITS_MIN:
            yield Finding(f"{certificate_file.file.name} has an RSA key of {leaf.key_bits} bits", (leaf.at,))
        if leaf.signature_hash in _WEAK_HASHES:
            yield Finding(f"{certificate_file.file.name} is signed over {leaf.signature_hash.upper()}", (leaf.at,))
