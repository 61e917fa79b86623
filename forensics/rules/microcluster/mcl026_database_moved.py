"""MCL026: the database lies in recovery_db/, and database/ is gone."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "MCL026",
    "database/ is gone, a recovery stopped before it put the new one there",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.MICROCLUSTER,),
    effect=Effect.NODE_DOWN,
    fires_on=("microcluster/database-moved",),
    silent_on=("healthy/k8sd", "microcluster/recovery-interrupted"),
)
def database_moved(node: Node) -> Iterator[Finding]:
    """## What it checks
    A `recovery_db` folder with a database in it, and no `database` folder beside it.
    ## Why it matters
    The start unpacks a recovery tarball to recovery_db/, removes database/ and renames the one to the other: here it
    ended between the two. With the tarball still there every start stops (`Database recovery failed: open
    …/database/info.yaml`); without it the daemon comes up as if it had never been initialised.
    ## False alarm if
    Where the copy left database/ out.
    ## What to do
    Back the directory up. Rename recovery_db to database (its info.yaml is this node's own, written before), move
    recovery_db.tar.gz away, see that daemon.yaml has the address of that info.yaml, then start.
    ## References
    canonical/microcluster internal/recover/recover.go (MaybeUnpackRecoveryTarball); FACTS 8.1
    """
    daemon = node.microcluster.daemon_file if node.microcluster else None
    if daemon is not None and node.state.path.rpartition("/")[2] == "recovery_db":
        own = "with" if node.info is not None else "without"
        yield Finding(f"there is no database/, and recovery_db/ holds one, {own} info.yaml", (daemon.at,))
