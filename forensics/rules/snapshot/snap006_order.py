"""SNAP006: snapshots whose terms and indexes contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SNAP006",
    "newest snapshot by term is not the newest by index",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/term-order",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def order(node: Node) -> Iterator[Finding]:
    """## What it checks
    Snapshots sorted by term, as raft sorts them, are sorted by index too. Told by names.
    ## Why it matters
    Loading takes the snapshot of the highest term, whatever its index. If another reaches further, the node goes back
    in time to the one of the higher term; what the two histories share is not certain.
    ## False alarm if
    Never in a directory that one raft wrote: a later snapshot has a later index and no lower term.
    ## What to do
    Do not start the node. Two histories were put together here, or files of another node: find out which, and recover
    from a node whose files agree.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c (uvSnapshotCompare); FACTS 2.3, 3.4
    """
    paired = sorted((s for s in node.snapshots if s.loadable), key=lambda s: s.name.order)
    for before, after in pairwise(paired):
        if after.name.index < before.name.index and before.data_file and after.data_file:
            message = f"{after.title} has the higher term and is loaded, but {before.title} reaches further"
            yield Finding(message, (after.data_file.at, before.data_file.at))
