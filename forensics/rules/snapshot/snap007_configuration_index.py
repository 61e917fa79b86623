"""SNAP007: a snapshot whose configuration comes from the future."""

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
class LateConfiguration:
    """A snapshot whose configuration is of a later entry than its last.

    Attributes:
        snapshot: name of the data file.
        index: the last entry that it covers.
        configuration_index: the entry that its configuration came from.
    """

    kind: ClassVar[str] = "late-configuration"
    snapshot: str
    index: int
    configuration_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the configuration in {self.snapshot} is newer than the snapshot itself",
            (f"It is of entry {self.configuration_index}, but the snapshot ends at entry {self.index}.",),
        )


@rule(
    "SNAP007",
    "snapshot configuration newer than the snapshot",
    Severity.MEDIUM,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/configuration-index",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def configuration_index(node: Node) -> Iterator[Finding]:
    """## What it checks
    The index of the configuration in a snapshot's `.meta` is not above the snapshot's own.
    ## Why it matters
    A configuration belongs to an entry at or below the snapshot. Loading takes the number as it is, and passes over the
    configurations of the log up to it: membership changes between the two are forgotten.
    ## False alarm if
    Never, as far as is known, with files that one raft wrote.
    ## What to do
    Compare the configuration with the other nodes' before this one is started.
    ## References
    canonical/dqlite src/raft/start.c; docs/reference/snapshots.md#snapshot-metadata;
    docs/reference/start.md#after-loading
    """
    for snapshot in node.snapshots:
        meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
        if meta is not None and snapshot.meta_file and meta.configuration_index > snapshot.name.index:
            problem = LateConfiguration(snapshot.title, snapshot.name.index, meta.configuration_index)
            yield Finding(problem, (Span(meta.at.path, 16, 8),), where=(snapshot.meta_file.name,))
