"""SNAP008: a snapshot that is not compressed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class Uncompressed:
    """The newest snapshot is not compressed; `snapshot` is the name of its data file."""

    kind: ClassVar[str] = "uncompressed"
    snapshot: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.snapshot} is not compressed", ("dqlite 1.18.3 and later cannot read it.",))


@rule(
    "SNAP008",
    "uncompressed snapshot",
    Severity.MEDIUM,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/raw",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def raw(node: Node) -> Iterator[Finding]:
    """## What it checks
    The newest snapshot's data is an LZ4 frame.
    ## Why it matters
    dqlite 1.18.3 and later read only compressed snapshots (`LZ4F_getFrameInfo ERROR_frameType_unknown`): with such a
    version the node does not start. Older versions read both. A frame whose first bytes are damaged looks uncompressed
    too, and no version reads it.
    ## False alarm if
    The version stays as it is and does not compress: Incus (cowsql) never does, and raft up to 0.10 did not.
    ## What to do
    Find out which dqlite runs. Before an upgrade to 1.18.3 or later, let an older version that compresses take a new
    snapshot.
    ## References
    docs/reference/snapshots.md#snapshot-data; docs/reference/start.md#the-newest-snapshot;
    docs/reference/products.md#incus
    """
    snapshot = node.newest_snapshot
    if snapshot is None or snapshot.data is None or snapshot.data.value is None or snapshot.data_file is None:
        return
    data = snapshot.data.value
    if data.frame is None and snapshot.data.whole and node.state.product.database != "incus":
        head = Span(snapshot.data_file.at.path, 0, 16)
        yield Finding(Uncompressed(snapshot.title), (head,))
