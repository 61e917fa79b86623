"""MCL002: daemon.yaml or a truststore entry that is empty, half-written, or lacks what it must hold."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Anomaly
from forensics.facts.node.node import Node
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "MCL002",
    "daemon.yaml or truststore entry that cannot be used",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/empty-trust-entry",),
    silent_on=("healthy/k8sd",),
)
def unusable(node: Node) -> Iterator[Finding]:
    """## What it checks
    daemon.yaml and every file of the truststore: content, YAML syntax, the keys that must be there, the certificate.
    From names alone: a size of zero.
    ## Why it matters
    One unreadable truststore file keeps the daemon from starting. Zero bytes are the trace of a full disk or of a power
    loss: before it renamed files into place, microcluster wrote them directly.
    ## False alarm if
    A hidden `.name.yaml…` is an unfinished write, and is not read by the daemon: not counted here.
    ## What to do
    Check for a full disk. Copy the truststore file of that member from a healthy node: all members hold the same
    entries.
    ## References
    https://github.com/canonical/microcluster/issues/45; https://github.com/canonical/microceph/issues/188; FACTS 8.1
    """
    if node.microcluster is None:
        return
    if node.microcluster.daemon_file is not None:
        parsed = node.microcluster.daemon
        yield from _judge(node.microcluster.daemon_file, parsed.anomalies if parsed else ())
    for trust in node.microcluster.truststore:
        yield from _judge(trust.file, trust.parsed.anomalies if trust.parsed else ())


def _judge(file: StateFile, anomalies: tuple[Anomaly, ...]) -> Iterator[Finding]:
    if file.listed and file.size_max == 0:
        yield Finding(f"{file.name} has zero bytes", (file.at,))
    if not file.cut:
        for anomaly in anomalies:
            yield Finding(f"{file.name}: {anomaly.detail}", (anomaly.at,))
