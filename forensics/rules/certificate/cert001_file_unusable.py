"""CERT001: a certificate or key file that is empty, zeroed, half-written, or not what its name says."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Anomaly
from forensics.facts.node.node import Node
from forensics.ingest.state_directory import StateFile
from forensics.parsers.certificates import BESIDE_KEY
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CERT001",
    "certificate or key file that cannot be used",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    fires_on=("certificate/empty-key",),
    silent_on=("healthy/k8sd",),
)
def unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every `.crt` and `.key` file: not empty, not zeros, complete PEM blocks, a readable certificate or key, of a kind
    that Go's TLS takes, which all these products use: RSA, the curves P-224 to P-521, Ed25519; PEM text, each block at
    the beginning of its line; no passphrase; certificate and key not switched. From names alone: a size of zero.
    ## Why it matters
    The daemon reads these files before anything else and does not start without them. Files of zero bytes are the
    usual trace of a disk that was full, or of a power loss before the write reached the disk.
    ## False alarm if
    A file that no product reads: a `.pem` or `.key` that somebody laid beside the product's own.
    ## What to do
    Check for a full disk first. `cluster.crt` and `cluster.key` are the same on all members: copy them from a healthy
    one. `server.crt` and `server.key` are the member's own: restore them from a backup of this node.
    ## References
    https://github.com/canonical/microceph/issues/188; golang/go src/crypto/tls/tls.go (X509KeyPair); FACTS 6.5, 8.1
    """
    for certificate in node.credentials.certificates.values():
        yield from _judge(certificate.file, certificate.parsed.anomalies if certificate.parsed else ())
    for key in node.credentials.keys.values():
        yield from _judge(key.file, key.parsed.anomalies if key.parsed else ())


def _judge(file: StateFile, anomalies: tuple[Anomaly, ...]) -> Iterator[Finding]:
    if file.listed and file.size_max == 0:
        yield Finding(f"{file.name} has zero bytes", (file.at,))
    if file.cut:
        return
    for anomaly in anomalies:
        if anomaly.code == BESIDE_KEY:  # TLS passes over it: CERT007's business
            continue
        yield Finding(f"{file.name}: {anomaly.detail}", (anomaly.at,))
