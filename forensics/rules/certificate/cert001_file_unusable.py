"""CERT001: a certificate or key file that is empty, zeroed, half-written, or not what its name says."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.certificates import BESIDE_KEY
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.unusable_file import unusable


@rule(
    "CERT001",
    "certificate or key file that cannot be used",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    scope=Node,
    needs=(Needs.CERTIFICATES,),
    fires_on=("certificate/empty-key",),
    silent_on=("healthy/k8sd",),
)
def unusable_credentials(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every `.crt` and `.key` file: it has content, which is not all zeros; its PEM blocks are complete, and each begins a
    line; certificate and key can be read, need no passphrase, and are not swapped. The key is of a type that Go's TLS
    accepts, which all these products use: RSA, the curves P-224 to P-521, or Ed25519. Where only a listing arrived, the
    size is checked.
    ## Why it matters
    The daemon reads these files first, and does not start without them. Files of zero bytes are usually left by a full
    disk, or by a power loss before the data reached the disk.
    ## False alarm if
    No product reads the file: somebody put another `.pem` or `.key` beside the product's own.
    ## What to do
    Check first whether the disk is full. `cluster.crt` and `cluster.key` are the same on all members: copy them from a
    healthy one. `server.crt` and `server.key` belong to this member alone: restore them from a backup of this node.
    ## References
    https://github.com/canonical/microceph/issues/188; golang/go src/crypto/tls/tls.go (X509KeyPair);
    docs/reference/go-dqlite.md#tls; docs/reference/microcluster.md#state-directory
    """
    for certificate in node.credentials.certificates.values():
        anomalies = certificate.parsed.anomalies if certificate.parsed else ()
        beside = [anomaly for anomaly in anomalies if anomaly.code != BESIDE_KEY]  # TLS ignores it: CERT010
        yield from unusable(certificate.file, beside, stops=node.is_stopped_by(certificate.file.name))
    for key in node.credentials.keys.values():
        yield from unusable(
            key.file, key.parsed.anomalies if key.parsed else (), stops=node.is_stopped_by(key.file.name)
        )
