"""CERT002: a private key that does not belong to the certificate beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class KeyMismatch:
    """A key pair whose halves do not belong together.

    Attributes:
        key, certificate: names of the two files.
        key_type, certificate_type: `RSA`, `EC`, …: of the private key, and of the key in the certificate.
    """

    kind: ClassVar[str] = "key-mismatch"
    key: str
    certificate: str
    key_type: str
    certificate_type: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        same = self.key_type == self.certificate_type
        types = f"Both are of type {self.key_type}, but they are different keys."
        if not same:
            types = f"The key is of type {self.key_type}, the certificate is for a key of type {self.certificate_type}."
        return Words(f"{self.key} does not belong to {self.certificate}", (types,))


@rule(
    "CERT002",
    "private key does not belong to its certificate",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.CERTIFICATES, Needs.KEYS),
    fires_on=("certificate/other-key",),
    silent_on=("healthy/k8sd",),
)
def key_mismatch(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Each key pair: the public half of `NAME.key` is the public key of the first certificate in `NAME.crt`. Only digests
    of public keys are compared.
    ## Why it matters
    No TLS connection can be served with such a pair: the daemon refuses to start, or no other member can talk to it.
    ## False alarm if
    Never, as far as is known: both files were read.
    ## What to do
    Replace both files together: `cluster.*` from a healthy member, `server.*` from a backup of this node.
    ## References
    docs/reference/go-dqlite.md#tls; docs/reference/microcluster.md#relations-that-hold
    """
    for name, key_file in node.credentials.keys.items():
        leaf = node.credentials.leaf(name)
        if leaf is None or key_file.key is None or leaf.public_key is None:
            yield NotChecked(f"{name}: certificate and key cannot both be read", "key-pair-unreadable", (node.name,))
        elif leaf.public_key != key_file.key.public_key:
            key = key_file.key
            yield Finding(
                KeyMismatch(key_file.file.name, f"{name}.crt", key.key_type, leaf.key_type),
                (leaf.at, key.at),
                effect=Effect.NODE_DOWN if node.is_stopped_by(key_file.file.name) else None,
                where=(key_file.file.name,),
            )
