"""SNAP012: a log that grows far beyond what a snapshot should have covered."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule

_OVERDUE = 8 * 1024  # eight times dqlite's default threshold


@rule(
    "SNAP012",
    "snapshot long overdue",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/overdue",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def overdue(node: Node) -> Iterator[Finding]:
    """## What it checks
    How many entries the log holds behind the newest complete snapshot. Told by names.
    ## Why it matters
    dqlite takes a snapshot every 1024 entries (k8s-dqlite from 1.5 on: 512) unless tuned. Many times that means that
    snapshots fail: no space, no memory, or a database that is always busy. The log is never trimmed then: the disk
    fills, and every start replays it all.
    ## False alarm if
    Where tuning.yaml or the application sets a much higher threshold.
    ## What to do
    Look for `snapshot` in the journal, and at free disk and memory.
    ## References
    canonical/dqlite src/server.c; FACTS 3.1, 3.2
    """
    snapshot = node.newest_snapshot
    index = snapshot.name.index if snapshot else 0
    last = max((part.last for part in node.log.closed), default=0)
    if last - index > _OVERDUE and node.log.closed:
        since = f"the newest snapshot's index {index}" if snapshot else "the beginning, and there is no snapshot"
        yield Finding(f"{last - index} entries since {since}", (node.log.closed[-1].file.at,))
