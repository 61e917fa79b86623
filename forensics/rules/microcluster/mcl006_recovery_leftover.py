"""MCL006: files that make the next start do something else than start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.facts.node.recovery_tarball import Tarball, read_tarball
from forensics.ingest.state_directory import StateFile
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.recovery_words import against_own_log, folder

_TARBALL = "recovery_db.tar.gz"


@rule(
    "MCL006",
    "leftover of a cluster recovery",
    Severity.HIGH,
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
    `recovery_db.tar.gz`, `recovery_db/` and `patch.global.sql` in the state directory. The tarball is read in place:
    can it be unpacked, does it hold a database and a recovery.yaml, is this node among its members, does the truststore
    know them, and how far does its log go. Backups (`db_backup.….tar.gz`) are reported at `info`, with their names:
    they hold a whole older database.
    ## Why it matters
    The daemon consumes these files at its next start: it replaces its database, or runs SQL on it, without asking. A
    tarball that it cannot use stops it at every start (`Database recovery failed`, `Missing local cluster member in
    incoming recovery.yaml`); one whose recovery.yaml it cannot read it passes over in silence. What an interrupted
    recovery left in recovery_db/ is not removed: the next one unpacks over it, and takes those files along.
    ## False alarm if
    Where a recovery is under way and the node has deliberately not been started yet. The node that ran the recovery
    keeps the tarball until it is started.
    ## What to do
    Ask who ran the recovery, on which member, and whether it is meant to be finished. Back the directory up before the
    node is started. Do not remove the file before that is clear.
    ## References
    canonical/microcluster internal/recover/recover.go, internal/db/update/schema.go (execFromFile); FACTS 8.1
    """
    if node.microcluster is None:
        return
    files = {**node.state.around, **node.state.files}
    for name, file in sorted(files.items()):
        if name == _TARBALL:
            yield _of_tarball(node, file)
        elif name == "patch.global.sql":
            message = f"{name} is there: its SQL runs against the cluster's database at the next start"
            yield Finding(message, (file.at,), Severity.MEDIUM)
        elif name.startswith("db_backup."):
            yield Finding(f"{name} is a backup that a recovery made", (file.at,), Severity.INFO)
    if shown := folder(node, "recovery_db"):
        words = "a recovery was interrupted while unpacking; a next one would mix its files with these"
        yield Finding(f"recovery_db is there: {words}", (shown.at,), Severity.MEDIUM)


def _of_tarball(node: Node, file: StateFile) -> Finding:
    tarball = read_tarball(file)
    refused = None if tarball is None else _why_refused(node, tarball)
    if refused is not None:
        message = f"{file.name} stops the next start: {refused}"
        return Finding(message, (file.at,), effect=Effect.NODE_DOWN)
    if tarball is not None and (tarball.members is None or tarball.members.value is None):
        message = f"{file.name} has no recovery.yaml that can be read: each start unpacks it, and goes on without it"
        return Finding(message, (file.at,), Severity.MEDIUM)
    reach = "" if tarball is None else against_own_log(node, tarball)
    return Finding(
        f"{file.name} is there: the next start unpacks it and replaces the database with it{reach}", (file.at,)
    )


def _why_refused(node: Node, tarball: Tarball) -> str | None:
    """In the order in which the daemon meets it."""
    if tarball.trouble is not None:
        return tarball.trouble
    if any(".." in name for name in tarball.names):
        return "a name in it holds `..`"
    members = tarball.members.value if tarball.members else None
    if members is None:
        return None
    if node.id is not None and all(member.id != node.id for member in members):
        return f"its recovery.yaml names no member with this node's id {node.id}"
    entries = node.microcluster.entries() if node.microcluster else []
    trusted = {entry.name for entry in entries}
    strangers = sorted(str(member.name) for member in members if member.name not in trusted)
    if entries and node.microcluster and len(entries) == len(node.microcluster.truststore) and strangers:
        return f"the truststore has no certificate for {', '.join(strangers)}"
    return None if tarball.has_raft else "it holds no database"
