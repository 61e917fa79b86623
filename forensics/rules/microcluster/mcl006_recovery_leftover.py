"""MCL006: files that make the next start do something else than start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import read_tarball
from forensics.facts.start.recovery_refusal import GLOBAL_PATCH, MICROCLUSTER_TARBALL, refused_by_microcluster
from forensics.fault_kind import FaultKind
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.recovery_words import (
    InterruptedRecovery,
    PendingPatch,
    RecoveryBackup,
    ReplacesDatabase,
    folder,
    reach_of,
    stops_start,
)
from forensics.wording import Words

_FOLDER = "recovery_db"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A recovery tarball that every start unpacks and then does not use.

    Attributes:
        file: its name.
    """

    kind: ClassVar[str] = "ignored-tarball"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.file} has no recovery.yaml that can be read",
            ("Every start unpacks it, and goes on without it.",),
            "Ask who ran the recovery. Then move the tarball away, and keep it.",
        )


@rule(
    "MCL006",
    "leftover of a cluster recovery",
    Severity.HIGH,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=(
        "microcluster/recovery-leftover",
        "microcluster/recovery-of-others",
        "microcluster/recovery-pending",
        "microcluster/recovery-interrupted",
    ),
    silent_on=("healthy/k8sd",),
)
def recovery_leftover(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether the state directory holds `recovery_db.tar.gz`, `recovery_db/` or `patch.global.sql`. The tarball is read in
    place: whether it can be unpacked, whether it holds a database and a recovery.yaml that lists this node, whether the
    truststore knows its members, and how far its log goes. Backups (`db_backup.….tar.gz`) are reported too: each holds
    a whole older database.
    ## Why it matters
    The daemon acts on these files at its next start, without asking: it replaces its database, or runs SQL on it. A
    tarball that it cannot use stops it at every start (`Database recovery failed`, `Missing local cluster member in
    incoming recovery.yaml`). If it cannot read the recovery.yaml, it ignores the tarball without saying so. What an
    interrupted recovery left in recovery_db/ is not removed: the next one unpacks over it, and takes those files along.
    ## False alarm if
    A recovery is under way, and the node has not been started yet on purpose. The node that ran the recovery keeps the
    tarball until it is started. Patches, recovery_db/ and backups are the milder cases.
    ## What to do
    Ask who ran the recovery, on which member, and whether it is to be completed. Back up the directory before the node
    is started. Do not remove the file before that is clear.
    ## References
    canonical/microcluster internal/recover/recover.go, internal/db/update/schema.go (execFromFile);
    docs/reference/microcluster.md#state-directory
    """
    if node.microcluster is None:
        return
    files = {**node.state.around, **node.state.files}
    for name, file in sorted(files.items()):
        if name == MICROCLUSTER_TARBALL:
            yield _of_tarball(node, file)
        elif name == GLOBAL_PATCH:
            problem = PendingPatch(name, "the cluster's database")
            yield Finding(problem, (file.at,), Severity.MEDIUM, where=(name,))
        elif name.startswith("db_backup."):
            yield Finding(RecoveryBackup(name), (file.at,), Severity.INFO, where=(name,))
    if found := folder(node, _FOLDER):
        yield Finding(InterruptedRecovery(_FOLDER), (found.at,), Severity.MEDIUM, where=(_FOLDER,))


def _of_tarball(node: Node, file: StateFile) -> Finding:
    tarball = read_tarball(file)
    refused = None if tarball is None else refused_by_microcluster(node, tarball)
    if refused is not None:
        return Finding(stops_start(file, refused), (file.at,), effect=Effect.NODE_DOWN, where=(file.name,))
    if tarball is not None and (tarball.members is None or tarball.members.value is None):
        return Finding(Ignored(file.name), (file.at,), Severity.MEDIUM, where=(file.name,))
    return Finding(ReplacesDatabase(file.name, reach_of(node, tarball)), (file.at,), where=(file.name,))
