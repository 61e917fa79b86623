"""SNAP010: more snapshots than raft keeps."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SNAP010",
    "more than two snapshots",
    Severity.LOW,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/three",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def many(node: Node) -> Iterator[Finding]:
    """## What it checks
    At most two complete snapshots are there. Told by names.
    ## Why it matters
    Raft removes all but the newest two after each snapshot. One more is left by a crash in between, and goes with the
    next snapshot; several mean that the clean-up fails, which fills the disk.
    ## False alarm if
    Backups that were put into the directory by hand.
    ## What to do
    Check the disk and the journal for failing removals.
    ## References
    https://github.com/canonical/dqlite/issues/289; FACTS 3.2
    """
    paired = [snapshot for snapshot in node.snapshots if snapshot.paired]
    if len(paired) > 2:
        total = sum(snapshot.data_file.size_max for snapshot in paired if snapshot.data_file)
        spans = tuple(snapshot.data_file.at for snapshot in paired[:-2] if snapshot.data_file)
        yield Finding(f"{len(paired)} complete snapshots of {total} bytes, raft keeps two", spans)
