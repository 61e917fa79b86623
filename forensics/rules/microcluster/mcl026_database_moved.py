"""MCL026: the database lies in recovery_db/, and database/ is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class DatabaseMoved:
    """A recovery that stopped between removing the old database and renaming the new one.

    Attributes:
        has_info: the new database has its info.yaml.
    """

    kind: ClassVar[str] = "database-moved"
    has_info: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        info = "has an info.yaml" if self.has_info else "has no info.yaml"
        return Words("database/ is gone, and the database is in recovery_db/", (f"recovery_db/ {info}.",))


@rule(
    "MCL026",
    "recovery stopped after it removed database/",
    Severity.HIGH,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    effect=Effect.NODE_DOWN,
    fires_on=("microcluster/database-moved",),
    silent_on=("healthy/k8sd", "microcluster/recovery-interrupted"),
)
def database_moved(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether there is a folder `recovery_db` with a database in it, and no folder `database` beside it.
    ## Why it matters
    At its start the daemon unpacks a recovery tarball to recovery_db/, removes database/, and renames recovery_db/ to
    database/: here it ended before the last step. While the tarball is still there, every start stops (`Database
    recovery failed: open …/database/info.yaml`). Without it the daemon comes up as if it had never been initialised.
    ## False alarm if
    The copy left database/ out.
    ## What to do
    Back up the directory. Rename recovery_db to database (its info.yaml is this node's own, and was written before),
    move recovery_db.tar.gz away, check that daemon.yaml has the address of that info.yaml, and then start the node.
    ## References
    canonical/microcluster internal/recover/recover.go (MaybeUnpackRecoveryTarball);
    docs/reference/microcluster.md#state-directory
    """
    daemon = node.microcluster.daemon_file if node.microcluster else None
    if daemon is not None and node.state.path.rpartition("/")[2] == "recovery_db":
        yield Finding(DatabaseMoved(node.info is not None), (daemon.at,))
