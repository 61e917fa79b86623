"""MCL027: a member's database without daemon.yaml: the daemon comes up as if it had never been initialised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.ingest.roles import FileRole
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.rules.unread import CUT
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class DaemonFileMissing:
    """A database of a member, and no daemon.yaml."""

    kind: ClassVar[str] = "daemon-file-missing"

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words("daemon.yaml is missing, although database/info.yaml is there")


@rule(
    "MCL027",
    "daemon.yaml is missing: the daemon starts uninitialised",
    Severity.HIGH,
    fault=FaultKind.IDENTITY_FILES,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.INFO),
    effect=Effect.NODE_DOWN,
    fires_on=("microcluster/no-daemon-file",),
    silent_on=("healthy/k8sd",),
)
def daemon_file_missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    daemon.yaml is there, if database/info.yaml and files of the state directory around it (truststore entries,
    certificates) are.
    ## Why it matters
    Without daemon.yaml the daemon says `microcluster daemon config is missing`, and comes up without its database, like
    a host that is in no cluster. Whoever then bootstraps it or lets it join gives it a second identity.
    ## False alarm if
    The copy contains single files only. Where the collector copies only some files (`k8s inspect`), this is not
    checked.
    ## What to do
    Write daemon.yaml anew, with mode 0644: `name` as in the truststore, `address` as in database/info.yaml, and
    `servers: {}`. Do not bootstrap the node, and do not let it join.
    ## References
    canonical/microcluster internal/daemon/daemon.go (reloadIfBootstrapped), internal/config/daemon.go;
    docs/reference/microcluster.md#state-directory
    """
    if node.microcluster is None or node.microcluster.daemon_file is not None or node.info is None:
        return
    if node.state.cut:
        yield NotChecked(CUT, "input-cut", (node.name,))
        return
    roles = (FileRole.TRUSTSTORE, FileRole.CERTIFICATE)
    around = [file for file in node.state.around.values() if file.role in roles]
    own = node.state.files.get("info.yaml")
    collector = node.state.collection.collector if node.state.collection else None
    if collector and not collector.lists_all and not any(file.listed for file in around):
        reason = f"{collector.title} copies only some of the files"
        yield NotChecked(reason, "collector-copies-some", (node.name,))
    elif around and own is not None:
        yield Finding(DaemonFileMissing(), (own.at, around[0].at))
