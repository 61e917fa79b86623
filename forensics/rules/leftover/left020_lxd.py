"""LEFT020: files that make LXD's (or Incus') next start do something else than start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import Tarball, read_tarball
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, Severity, rule
from forensics.rules.recovery_words import against_own_log, folder

_TARBALL = "lxd_recovery_db.tar.gz"
_PATCHES = {"patch.global.sql": "the cluster's database", "patch.local.sql": "local.db"}


@rule(
    "LEFT020",
    "leftover that LXD's next start acts on",
    Severity.HIGH,
    scope=Node,
    products=("lxd", "incus"),
    fires_on=("leftover/lxd-recovery", "leftover/lxd-recovery-of-others", "leftover/lxd-patch"),
    silent_on=("healthy/lxd",),
)
def lxd_leftover(node: Node) -> Iterator[Finding]:
    """## What it checks
    In the database folder: `lxd_recovery_db.tar.gz`, `patch.global.sql`, `patch.local.sql` and `global.recover`; in
    LXD_DIR `db_backup.….tar.gz` (info). The tarball is read in place: can it be unpacked, does it hold a database and a
    raft_nodes.yaml, are all members of local.db in it, by id and name, and how far does its log go.
    ## Why it matters
    A clustered LXD replaces its database with the tarball at the next start, or stops at it (`Failed loading recovery
    tarball: Missing cluster member …`). With patch.global.sql beside it, it stops as well: `Custom patches should not
    be applied during recovery`; that is so on the member that ran `lxd cluster edit`, where both are left. The SQL of
    the patches runs at the next start, once. What a refused recovery left in global.recover is not removed: the next
    one unpacks over it.
    ## False alarm if
    Where a recovery is under way and the member has deliberately not been started yet. A server that is in no cluster
    does not look for the tarball.
    ## What to do
    Ask who ran `lxd cluster edit`, on which member. On that member the tarball can be moved away: its own database is
    the new one already. Elsewhere let LXD load it, after a backup. Read a patch before the start.
    ## References
    canonical/lxd lxd/cluster/recover.go, lxd/daemon.go, lxd/db/schema/query.go (execFromFile),
    doc/howto/cluster_recover.md; FACTS 9.1
    """
    files = {**node.state.around, **node.state.files}
    if tarball := files.get(_TARBALL):
        yield _of_tarball(node, tarball, patched="patch.global.sql" in files)
    for name, what in _PATCHES.items():
        if name in files:
            message = f"{name} is there: its SQL runs against {what} at the next start"
            yield Finding(message, (files[name].at,), Severity.MEDIUM)
    if shown := folder(node, "global.recover"):
        words = "a recovery was refused or interrupted, and a next one mixes in its files"
        yield Finding(f"global.recover is there: {words}", (shown.at,), Severity.MEDIUM)
    for name, file in sorted(files.items()):
        if name.startswith("db_backup."):
            yield Finding(f"{name} is a backup that a recovery made", (file.at,), Severity.INFO)


def _of_tarball(node: Node, file: StateFile, *, patched: bool) -> Finding:
    tarball = read_tarball(file)
    refused = None if tarball is None else _why_refused(node, tarball)
    if refused is None and patched:
        refused = "patch.global.sql lies beside it"
    if refused is not None:
        return Finding(f"{file.name} stops the next start: {refused}", (file.at,), effect=Effect.NODE_DOWN)
    reach = "" if tarball is None else against_own_log(node, tarball)
    message = f"{file.name} is there: the next start unpacks it and replaces the database with it{reach}"
    return Finding(message, (file.at,))


def _why_refused(node: Node, tarball: Tarball) -> str | None:
    """In the order in which LXD meets it."""
    if tarball.trouble is not None:
        return tarball.trouble
    if tarball.members is None or tarball.members.value is None:
        return "it has no raft_nodes.yaml that can be read"
    listed = {(member.id, member.name) for member in tarball.members.value}
    known = node.local.nodes if node.local else ()
    strangers = [local.name or str(local.id) for local in known if (local.id, local.name) not in listed]
    if strangers:
        return f"its raft_nodes.yaml has no member {', '.join(strangers)}"
    return None if tarball.has_raft else "it holds no database"
