"""LEFT020: files that make LXD's (or Incus') next start do something else than start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import read_tarball
from forensics.facts.start.recovery_refusal import GLOBAL_PATCH, LXD_TARBALL, refused_by_lxd
from forensics.fault_kind import FaultKind
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.rules.recovery_words import (
    InterruptedRecovery,
    PendingPatch,
    RecoveryBackup,
    ReplacesDatabase,
    folder,
    reach_of,
    stops_start,
)

_PATCHES = {GLOBAL_PATCH: "the cluster's database", "patch.local.sql": "local.db"}


@rule(
    "LEFT020",
    "leftover that LXD's next start acts on",
    Severity.HIGH,
    fault=FaultKind.LEFTOVER,
    scope=Node,
    products=("lxd", "incus"),
    fires_on=("leftover/lxd-recovery", "leftover/lxd-recovery-of-others", "leftover/lxd-patch"),
    silent_on=("healthy/lxd",),
)
def lxd_leftover(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether the database folder holds `lxd_recovery_db.tar.gz`, `patch.global.sql`, `patch.local.sql` or
    `global.recover`, and LXD_DIR a `db_backup.….tar.gz`. The tarball is read in place: whether it can be unpacked,
    whether it holds a database and a raft_nodes.yaml with all members of local.db, by id and name, and how far its log
    goes.
    ## Why it matters
    A clustered LXD replaces its database with the tarball at the next start, or stops at it (`Failed loading recovery
    tarball: Missing cluster member …`). With patch.global.sql beside it, LXD stops as well: `Custom patches should not
    be applied during recovery`. That is so on the member that ran `lxd cluster edit`, where both files are left. The
    SQL of the patches runs once, at the next start. What a refused recovery left in global.recover is not removed: the
    next recovery unpacks over it.
    ## False alarm if
    A recovery is under way, and the member has not been started yet on purpose. A server that is in no cluster ignores
    the tarball. Patches, global.recover and backups are the milder cases.
    ## What to do
    Ask who ran `lxd cluster edit`, and on which member. On that member the tarball can be moved away: its own database
    is the new one already. On the others let LXD load it, after a backup.
    ## References
    canonical/lxd lxd/cluster/recover.go, lxd/daemon.go, lxd/db/schema/query.go (execFromFile),
    doc/howto/cluster_recover.md; docs/reference/products.md#lxd
    """
    files = {**node.state.around, **node.state.files}
    if tarball := files.get(LXD_TARBALL):
        yield _of_tarball(node, tarball)
    for name, runs_against in _PATCHES.items():
        if name in files:
            yield Finding(PendingPatch(name, runs_against), (files[name].at,), Severity.MEDIUM, where=(name,))
    if found := folder(node, "global.recover"):
        problem = InterruptedRecovery("global.recover")
        yield Finding(problem, (found.at,), Severity.MEDIUM, where=("global.recover",))
    for name, file in sorted(files.items()):
        if name.startswith("db_backup."):
            yield Finding(RecoveryBackup(name), (file.at,), Severity.INFO, where=(name,))


def _of_tarball(node: Node, file: StateFile) -> Finding:
    tarball = read_tarball(file)
    refused = refused_by_lxd(node, tarball)
    if refused is not None:
        return Finding(stops_start(file, refused), (file.at,), effect=Effect.NODE_DOWN, where=(file.name,))
    return Finding(ReplacesDatabase(file.name, reach_of(node, tarball)), (file.at,), where=(file.name,))
