"""MCL006: files that make the next start do something else than start."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule

_MEANING = {
    "recovery_db.tar.gz": ("the next start unpacks it and replaces the database with it", Severity.HIGH),
    "recovery_db": ("a recovery was interrupted while unpacking", Severity.MEDIUM),
    "patch.global.sql": ("its SQL runs against the cluster's database at the next start", Severity.MEDIUM),
}


@rule(
    "MCL006",
    "leftover of a cluster recovery",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    fires_on=("microcluster/recovery-leftover",),
    silent_on=("healthy/k8sd",),
)
def recovery_leftover(node: Node) -> Iterator[Finding]:
    """## What it checks
    `recovery_db.tar.gz`, `recovery_db/` and `patch.global.sql` in the state directory. Backups (`db_backup.….tar.gz`)
    are reported at `info`, with their names: they hold a whole older database.
    ## Why it matters
    The daemon consumes these files at its next start: it replaces its database, or runs SQL on it, without asking.
    ## When it is wrong
    Where a recovery is under way and the node has deliberately not been started yet.
    ## What to do
    Ask who ran the recovery, on which member, and whether it is meant to be finished. Back the directory up before the
    node is started. Do not remove the file before that is clear.
    ## References
    FACTS 8.1; canonical/microcluster internal/recover
    """
    if node.microcluster is None:
        return
    for name, file in sorted({**node.state.around, **node.state.files}.items()):
        base = name.rpartition("/")[2]
        if base in _MEANING:
            meaning, severity = _MEANING[base]
            yield Finding(f"{name} is there: {meaning}", (file.at,), severity)
        elif base.startswith("db_backup."):
            yield Finding(f"{name} is a backup that a recovery made", (file.at,), Severity.INFO)
