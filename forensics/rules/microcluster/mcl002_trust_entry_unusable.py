"""MCL002: a truststore entry that is empty, half-written, or lacks what it must hold."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.unusable_file import unusable


@rule(
    "MCL002",
    "truststore entry that cannot be used",
    Severity.HIGH,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/empty-trust-entry",),
    silent_on=("healthy/k8sd",),
)
def unusable_trust_entry(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every truststore entry: content, YAML syntax, the keys that must be there, and the certificate. Where only a listing
    arrived, the size is checked.
    ## Why it matters
    A single truststore entry that cannot be read keeps the daemon from starting. Files of zero bytes are left by a full
    disk or a power loss: earlier versions of microcluster wrote them in place, instead of renaming them into place.
    ## False alarm if
    Never, as far as is known. A hidden `.NAME.yaml…` is an unfinished write that the daemon ignores; it is not reported
    here.
    ## What to do
    Check first whether the disk is full. Copy the truststore entry from a healthy member: all members have the same.
    ## References
    https://github.com/canonical/microcluster/issues/45; https://github.com/canonical/microceph/issues/188;
    docs/reference/microcluster.md#state-directory
    """
    if node.microcluster is None:
        return
    for trust in node.microcluster.truststore:
        yield from unusable(
            trust.file, trust.parsed.anomalies if trust.parsed else (), stops=node.is_stopped_by(trust.file.name)
        )
