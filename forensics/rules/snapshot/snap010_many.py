"""SNAP010: more snapshots than raft keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, size


@dataclass(frozen=True, slots=True)
class ManySnapshots:
    """How many complete snapshots there are, and the bytes of their data files."""

    kind: ClassVar[str] = "many-snapshots"
    snapshots: int
    bytes: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"there are {self.snapshots} complete snapshots, but raft keeps two"
        return Words(told, (f"Together they have {size(self.bytes)}.",))


@rule(
    "SNAP010",
    "more than two snapshots",
    Severity.LOW,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/three",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def many(node: Node) -> Iterator[Finding]:
    """## What it checks
    At most two complete snapshots are there. File names are enough for this.
    ## Why it matters
    After each snapshot, raft removes all but the newest two. A crash in between leaves one more, which goes with the
    next snapshot. Several more mean that the clean-up fails, and that fills the disk.
    ## False alarm if
    Somebody put backups into the directory by hand.
    ## What to do
    Check the disk, and look in the journal for removals that fail.
    ## References
    https://github.com/canonical/dqlite/issues/289; docs/reference/healthy.md#taking-a-snapshot
    """
    paired = [snapshot for snapshot in node.snapshots if snapshot.paired]
    if len(paired) > 2:
        total = sum(snapshot.data_file.size_max for snapshot in paired if snapshot.data_file)
        spans = tuple(snapshot.data_file.at for snapshot in paired[:-2] if snapshot.data_file)
        yield Finding(ManySnapshots(len(paired), total), spans)
