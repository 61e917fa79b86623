"""SNAP006: snapshots whose terms and indexes contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class WrongOrder:
    """A snapshot of a higher term that reaches less far than another one.

    Attributes:
        higher, further: names of the data files: the one of the higher term, and the one that reaches further.
        higher_index, further_index: the last entry that each of them covers.
    """

    kind: ClassVar[str] = "wrong-order"
    higher: str
    further: str
    higher_index: int
    further_index: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.higher} is loaded for its higher term, though {self.further} reaches further",
            (f"It ends at entry {self.higher_index}, the other at entry {self.further_index}.",),
        )


@rule(
    "SNAP006",
    "newest snapshot by term is not the newest by index",
    Severity.HIGH,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/term-order",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def order(node: Node) -> Iterator[Finding]:
    """## What it checks
    Snapshots sorted by term, as raft sorts them, are sorted by index too. File names are enough for this.
    ## Why it matters
    Loading takes the snapshot of the highest term, whatever its index. If another reaches further, the node goes back
    in time to the one of the higher term. What the two histories share is not certain.
    ## False alarm if
    Never, as far as is known: in a directory that one raft wrote, a later snapshot has a later index and no lower term.
    ## What to do
    Do not start the node. Two histories were put together here, or files of another node: find out which, and recover
    from a node whose files agree.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c (uvSnapshotCompare); docs/reference/start.md#listing-and-sorting;
    docs/reference/healthy.md#a-healthy-directory
    """
    paired = sorted((s for s in node.snapshots if s.loadable), key=lambda s: s.name.order)
    for before, after in pairwise(paired):
        if after.name.index < before.name.index and before.data_file and after.data_file:
            titles = after.title, before.title
            problem = WrongOrder(*titles, after.name.index, before.name.index)
            yield Finding(problem, (after.data_file.at, before.data_file.at), where=titles)
