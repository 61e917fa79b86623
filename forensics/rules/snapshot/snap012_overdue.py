"""SNAP012: a log that grows far beyond what a snapshot should have covered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, count

_OVERDUE = 8 * 1024  # eight times dqlite's default threshold


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many entries the log holds since the newest snapshot, and where that ends; None where there is none."""

    kind: ClassVar[str] = "overdue"
    entries: int
    snapshot_index: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        held = f"the log holds {count(self.entries, 'entry')}"
        if self.snapshot_index is None:
            return Words(f"{held}, and there is no snapshot")
        return Words(f"{held} since the newest snapshot", (f"The snapshot ends at entry {self.snapshot_index}.",))


@rule(
    "SNAP012",
    "snapshot long overdue",
    Severity.MEDIUM,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/overdue",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def overdue(node: Node) -> Iterator[Finding]:
    """## What it checks
    How many entries the log holds behind the newest complete snapshot. File names are enough for this.
    ## Why it matters
    dqlite takes a snapshot every 1024 entries (k8s-dqlite from 1.5 on: 512) unless it is tuned. Many times that number
    means that snapshots fail: no space, no memory, or a database that is always busy. Then the log is never trimmed:
    the disk fills, and every start replays all of it.
    ## False alarm if
    tuning.yaml or the application sets a much higher threshold.
    ## What to do
    Look for `snapshot` in the journal, and at free disk and memory.
    ## References
    canonical/dqlite src/server.c; docs/reference/healthy.md#numbers; docs/reference/healthy.md#taking-a-snapshot
    """
    snapshot = node.newest_snapshot
    index = snapshot.name.index if snapshot else 0
    last = max((part.last for part in node.log.closed), default=0)
    if last - index > _OVERDUE and node.log.closed:
        yield Finding(Overdue(last - index, index if snapshot else None), (node.log.closed[-1].file.at,))
