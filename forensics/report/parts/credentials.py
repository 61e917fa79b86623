"""One node's certificates, daemon.yaml and truststore. Of keys only whether they belong to their certificate."""

from __future__ import annotations

from forensics.facts.node.credentials import CertificateFile, Credentials
from forensics.facts.node.node import Node
from forensics.report import document as doc


def build_certificates(node: Node) -> tuple[doc.Certificate, ...]:
    """The leaf of each certificate file; null fields where it cannot be read, or is known by name only."""
    return tuple(
        _certificate(node.credentials, name, held) for name, held in sorted(node.credentials.certificates.items())
    )


def build_microcluster(node: Node) -> doc.Microcluster | None:
    """Name and address of daemon.yaml, and whom the truststore trusts."""
    if node.microcluster is None:
        return None
    daemon = node.microcluster.daemon.value if node.microcluster.daemon else None
    return doc.Microcluster(
        name=daemon.name if daemon else None,
        address=daemon.address if daemon else None,
        truststore=tuple(
            doc.Trust(
                file=trust.file.name,
                name=trust.entry.name if trust.entry else None,
                address=trust.entry.address if trust.entry else None,
                fingerprint=trust.entry.certificate.fingerprint if trust.entry and trust.entry.certificate else None,
            )
            for trust in node.microcluster.truststore
        ),
    )


def _certificate(credentials: Credentials, name: str, held: CertificateFile) -> doc.Certificate:
    matches, leaf = _key_matches(credentials, name), held.leaf
    if leaf is None:
        return doc.Certificate(file=held.file.name, key_matches=matches)
    return doc.Certificate(
        file=held.file.name,
        key_matches=matches,
        subject=leaf.subject,
        names=tuple(leaf.names),
        addresses=tuple(leaf.addresses),
        not_before=leaf.not_before.isoformat(),
        not_after=leaf.not_after.isoformat(),
        fingerprint=leaf.fingerprint,
        key_type=leaf.key_type,
        key_bits=leaf.key_bits,
    )


def _key_matches(credentials: Credentials, name: str) -> bool | None:
    """None where certificate and key are not both readable."""
    leaf = credentials.leaf(name)
    held = credentials.keys.get(name)
    if leaf is None or held is None or held.key is None:
        return None
    return leaf.public_key == held.key.public_key
