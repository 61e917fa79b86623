"""CERT010: a private key inside a certificate's file, which everyone may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.certificates import BESIDE_KEY
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class KeyInCertificate:
    """A file that holds a certificate and a private key.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "key-in-certificate"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.file} contains a private key beside its certificate")


@rule(
    "CERT010",
    "private key inside a certificate file",
    Severity.MEDIUM,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    effect=Effect.ATTENTION,
    fires_on=("certificate/key-in-certificate",),
    silent_on=("healthy/k8sd",),
)
def key_in_certificate(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether a certificate file also contains a private key.
    ## Why it matters
    TLS ignores the key, so everything works. But every user can read a certificate file (mode 0644), certificates are
    sent around, and they are in every upload: the key has already left the machine.
    ## False alarm if
    The file is meant to hold both, and only its owner can read it.
    ## What to do
    Make a new key pair, and put it on all members that share it. Delete all copies of this upload.
    ## References
    golang/go src/crypto/tls/tls.go (X509KeyPair passes over blocks of other types);
    docs/reference/microcluster.md#state-directory; docs/reference/secrets.md#what-is-secret
    """
    for held in node.credentials.certificates.values():
        spans = tuple(a.at for a in (held.parsed.anomalies if held.parsed else ()) if a.code == BESIDE_KEY)
        if spans:
            yield Finding(KeyInCertificate(held.file.name), spans, where=(held.file.name,))
