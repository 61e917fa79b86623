"""One node's certificates, daemon.yaml and truststore. Of keys only whether they belong to their certificate."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.credentials import CertificateFile, Credentials
from forensics.facts.node.node import Node
from forensics.report.document import Document
from forensics.report.parts.context import Context


def build_certificates(_: Context, __: Cluster, node: Node) -> list[Document]:
    """The leaf of each certificate file; null fields where it cannot be read, or is known by name only."""
    return [
        {"file": held.file.name, "keyMatches": _key_matches(node.credentials, name)} | _leaf(held)
        for name, held in sorted(node.credentials.certificates.items())
    ]


def build_microcluster(_: Context, __: Cluster, node: Node) -> Document | None:
    """Name and address of daemon.yaml, and whom the truststore trusts."""
    if node.microcluster is None:
        return None
    daemon = node.microcluster.daemon.value if node.microcluster.daemon else None
    return {
        "name": daemon.name if daemon else None,
        "address": daemon.address if daemon else None,
        "truststore": [
            {
                "file": trust.file.name,
                "name": trust.entry.name if trust.entry else None,
                "address": trust.entry.address if trust.entry else None,
                "fingerprint": trust.entry.certificate.fingerprint if trust.entry and trust.entry.certificate else None,
            }
            for trust in node.microcluster.truststore
        ],
    }


def _leaf(held: CertificateFile) -> Document:
    leaf = held.leaf
    return {
        "subject": leaf.subject if leaf else None,
        "names": list(leaf.names) if leaf else [],
        "addresses": list(leaf.addresses) if leaf else [],
        "notBefore": leaf.not_before.isoformat() if leaf else None,
        "notAfter": leaf.not_after.isoformat() if leaf else None,
        "fingerprint": leaf.fingerprint if leaf else None,
        "keyType": leaf.key_type if leaf else None,
        "keyBits": leaf.key_bits if leaf else None,
    }


def _key_matches(credentials: Credentials, name: str) -> bool | None:
    """None where certificate and key are not both readable."""
    leaf = credentials.leaf(name)
    held = credentials.keys.get(name)
    if leaf is None or held is None or held.key is None:
        return None
    return leaf.public_key == held.key.public_key
