"""MCL028: a daemon.yaml that is empty, half-written, or lacks what it must hold."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.unusable_file import unusable


@rule(
    "MCL028",
    "daemon.yaml that cannot be used",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/empty-daemon-file",),
    silent_on=("healthy/k8sd",),
)
def unusable_daemon_file(node: Node) -> Iterator[Finding]:
    """## What it checks
    The content of daemon.yaml, its YAML syntax, and the keys that must be there. Where only a listing arrived, the size
    is checked.
    ## Why it matters
    The daemon does not start with a daemon.yaml that it cannot read. A file of zero bytes is left by a full disk or a
    power loss: earlier versions of microcluster wrote it in place, instead of renaming it into place.
    ## False alarm if
    Never, as far as is known. A hidden `.NAME.yaml…` is an unfinished write that the daemon ignores; it is not reported
    here.
    ## What to do
    Check first whether the disk is full. Then write daemon.yaml anew, with mode 0644: `name` as in the truststore,
    `address` as in database/info.yaml, and `servers: {}`. Do not bootstrap the node, and do not let it join.
    ## References
    https://github.com/canonical/microcluster/issues/45; docs/reference/microcluster.md#state-directory
    """
    if node.microcluster is None or node.microcluster.daemon_file is None:
        return
    parsed = node.microcluster.daemon
    stops = node.is_stopped_by(node.microcluster.daemon_file.name)
    yield from unusable(node.microcluster.daemon_file, parsed.anomalies if parsed else (), stops=stops)
