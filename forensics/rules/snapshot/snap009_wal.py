"""SNAP009: a snapshot that carries a WAL."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SNAP009",
    "snapshot with a WAL inside",
    Severity.INFO,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    effect=Effect.NONE,
    fires_on=("healthy/lagging-111",),
    silent_on=("healthy/lagging-118",),
)
def wal(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether the newest snapshot's databases come with a WAL.
    ## Why it matters
    dqlite up to 1.16 wrote snapshots so, and every version reads them but two: 1.18.3 and 1.18.4 abort at start. Worth
    knowing before an upgrade.
    ## False alarm if
    Never; it is no fault.
    ## What to do
    Upgrade to 1.18.5 or later, not to 1.18.3 or 1.18.4, or let 1.17 take a new snapshot on the way.
    ## References
    canonical/dqlite src/fsm.c; FACTS 1.8, 2.11
    """
    snapshot = node.newest_snapshot
    data = snapshot.data.value if snapshot and snapshot.data else None
    names = [image.name for image in data.databases if image.wal_size] if data else []
    if snapshot and snapshot.data_file and names:
        message = f"{snapshot.title} holds the WAL of {', '.join(names)}: written by dqlite 1.16 or older"
        yield Finding(message, (snapshot.data_file.at,))
