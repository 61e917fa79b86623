"""CERT006: keys and signatures that TLS libraries of today refuse, or soon will."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.certificates import Certificate
from forensics.rules.api import Finding, Needs, Problem, Severity, rule
from forensics.wording import Words

_RSA_BITS_MIN = 2048
_WEAK_HASHES = {"md5": "MD5", "sha1": "SHA-1"}
_VERSION_WITH_NAMES = 3


@dataclass(frozen=True, slots=True)
class ShortRsaKey:
    """An RSA key of less than 2048 bits.

    Attributes:
        file: name of the certificate's file.
        bits: of the key.
    """

    kind: ClassVar[str] = "short-rsa-key"
    file: str
    bits: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the RSA key of {self.file} has only {self.bits} bits")


@dataclass(frozen=True, slots=True)
class WeakSignature:
    """A signature over MD5 or SHA-1.

    Attributes:
        file: name of the certificate's file.
        hash_name: `md5` or `sha1`.
    """

    kind: ClassVar[str] = "weak-signature"
    file: str
    hash_name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the certificate in {self.file} is signed with {_WEAK_HASHES[self.hash_name]}")


@dataclass(frozen=True, slots=True)
class OldCertificateVersion:
    """A certificate of an X.509 version without alternative names.

    Attributes:
        file: name of the certificate's file.
        version: of X.509.
    """

    kind: ClassVar[str] = "old-version"
    file: str
    version: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the certificate in {self.file} is of X.509 version {self.version}",
            ("That version has no alternative names.",),
        )


@rule(
    "CERT006",
    "certificate with a weak key or signature",
    Severity.LOW,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    fires_on=("certificate/short-rsa-key",),
    silent_on=("healthy/k8sd",),
)
def weak(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every certificate of every file: RSA keys have at least 2048 bits, signatures do not use MD5 or SHA-1, and the X.509
    version is 3.
    ## Why it matters
    Go refuses SHA-1 signatures since 1.18 and RSA keys below 1024 bits since 1.24: an upgrade of the product can cut
    the member off.
    ## False alarm if
    The certificate is self-signed and the members trust exactly this one: then it works with a weak signature.
    ## What to do
    Plan new certificates. This is not why a node does not start today.
    ## References
    docs/reference/go-dqlite.md#tls
    """
    for held in node.credentials.certificates.values():
        for number, certificate in enumerate(held.chain, 1):
            for weakness in _weaknesses(held.file.name, certificate):
                yield Finding(weakness, (certificate.at,), where=(held.file.name, number))


def _weaknesses(file: str, certificate: Certificate) -> Iterator[Problem]:
    if certificate.key_type == "RSA" and certificate.key_bits is not None and certificate.key_bits < _RSA_BITS_MIN:
        yield ShortRsaKey(file, certificate.key_bits)
    if certificate.signature_hash in _WEAK_HASHES:
        yield WeakSignature(file, certificate.signature_hash)
    if certificate.version < _VERSION_WITH_NAMES:
        yield OldCertificateVersion(file, certificate.version)
