"""DB003: a snapshot is not what the log leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.rules.page_words import DifferentPages, pages_of
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class SnapshotAgainstLog:
    """A snapshot, and what following the log to its index gives.

    Attributes:
        index: of the snapshot.
        base: name of the snapshot that the log was followed from; None for index 1.
        pages: where they differ, by database.
    """

    kind: ClassVar[str] = "snapshot-against-log"
    node: str
    index: int
    base: str | None
    pages: tuple[DifferentPages, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        pages = listed(one.words() for one in self.pages)
        return Words(
            "the newest snapshot has other data than the log leads to",
            (f"Following the log from {self.base or 'index 1'} to index {self.index} gives another state of {pages}.",),
        )


@rule(
    "DB003",
    "snapshot with other data than the log leads to",
    Severity.HIGH,
    fault=FaultKind.DATA_DIFFERS,
    scope=Node,
    needs=(Needs.DATABASES,),
    fires_on=("database/snapshot-differs",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/lagging-111"),
)
def snapshot_differs(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    If the log goes back to an older snapshot, or to index 1: whether following it to the newest snapshot gives the same
    databases, page by page. In real directories of dqlite 1.11 and 1.18 it does, also with snapshots that a leader
    sent.
    ## Why it matters
    Both files are sound, but they tell two histories. Entries were lost, moved or exchanged, or the snapshot is of
    another cluster. The node will start from the snapshot and never notice.
    ## False alarm if
    Somebody put the directory together from two copies. Databases of more than 64 MB are not compared.
    ## What to do
    Do not recover from this node. Compare it with the others: `diff`, and `extract --at` with the snapshot's index on
    each.
    ## References
    docs/reference/commands.md#rebuilding-a-database
    """
    difference = node.difference
    if difference is None:
        yield NotChecked(
            f"{node.name} has no snapshot that its log leads to, or it is too large to be compared",
            "no-snapshot-to-compare",
            (node.name,),
        )
    elif difference.pages:
        yield Finding(
            SnapshotAgainstLog(node.name, difference.index, difference.base, pages_of(difference)),
            (difference.snapshot, *difference.places),
            where=(difference.index,),
        )
