"""CERT006: keys and signatures that TLS libraries of today refuse, or soon will."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Finding, Needs, Severity, rule

_RSA_BITS_MIN = 2048
_WEAK_HASHES = ("md5", "sha1")
_VERSION_WITH_NAMES = 3


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
    Every certificate of each file: RSA keys of at least 2048 bits; no signature over MD5 or SHA-1; X.509 version 3.
    ## Why it matters
    Go refuses SHA-1 signatures since 1.18 and RSA keys below 1024 bits since 1.24: an upgrade of the product can cut
    the member off.
    ## False alarm if
    A self-signed certificate that is pinned works with a weak signature.
    ## What to do
    Plan a rotation. It is not the cause of a node that does not start today.
    ## References
    FACTS 6.5
    """
    for certificate_file in node.credentials.certificates.values():
        for certificate in certificate_file.chain:
            for weakness in _weaknesses(certificate):
                yield Finding(f"{certificate_file.file.name} {weakness}", (certificate.at,))


def _weaknesses(certificate: Certificate) -> Iterator[str]:
    if certificate.key_type == "RSA" and certificate.key_bits is not None and certificate.key_bits < _RSA_BITS_MIN:
        yield f"has an RSA key of {certificate.key_bits} bits"
    if certificate.signature_hash in _WEAK_HASHES:
        yield f"is signed over {certificate.signature_hash.upper()}"
    if certificate.version < _VERSION_WITH_NAMES:
        yield f"is of X.509 version {certificate.version}, which has no alternative names"
