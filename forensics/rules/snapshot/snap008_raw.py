"""SNAP008: a snapshot that is not compressed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SNAP008",
    "uncompressed snapshot",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/raw",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def raw(node: Node) -> Iterator[Finding]:
    """## What it checks
    The newest snapshot's data is an LZ4 frame.
    ## Why it matters
    dqlite from 1.18.3 on reads only compressed snapshots (`LZ4F_getFrameInfo ERROR_frameType_unknown`): with that
    version the node does not start. Older ones read both. A frame whose first bytes are damaged looks raw too, and
    fails everywhere.
    ## False alarm if
    Incus (cowsql) never compresses, raft up to 0.10 did not either; there this is normal as long as the version stays.
    ## What to do
    Find out which dqlite runs. Before an upgrade to 1.18.3 or later let an older version that compresses take a new
    snapshot.
    ## References
    FACTS 1.8, 2.4, 9.2
    """
    snapshot = node.newest_snapshot
    if snapshot is None or snapshot.data is None or snapshot.data.value is None or snapshot.data_file is None:
        return
    data = snapshot.data.value
    if data.frame is None and snapshot.data.whole and node.state.product.database != "incus":
        head = Span(snapshot.data_file.at.path, 0, 16)
        yield Finding(f"{snapshot.title} is not compressed: dqlite 1.18.3 and later cannot read it", (head,))
