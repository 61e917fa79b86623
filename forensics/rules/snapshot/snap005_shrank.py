"""SNAP005: the newest snapshot holds less than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.snapshot import DatabaseImage, SnapshotData
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count, size

_KEPT = 0.9  # below it, it is no rounding of anything


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a database's image is: in bytes, and in pages where its header tells."""

    bytes: int
    pages: int | None

    def words(self) -> str:
        """`26 pages`, else `104 KiB`."""
        return size(self.bytes) if self.pages is None else count(self.pages, "page")


@dataclass(frozen=True, slots=True)
class DatabaseGone:
    """A database of the older snapshot that the newest one lacks: its name, and how large it was."""

    kind: ClassVar[str] = "database-gone"
    database: str
    before: Extent

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"database {self.database!r} is not in the newest snapshot",
            (f"It had {self.before.words()} in the snapshot before.",),
            "Keep a copy of the older snapshot now: only it still holds this database, and the next snapshot deletes "
            "it. Then find out when the database went (`sql --at`).",
        )


@dataclass(frozen=True, slots=True)
class DatabaseEmpty:
    """A database that is empty in the newest snapshot: its name, and how large it was before."""

    kind: ClassVar[str] = "database-empty"
    database: str
    before: Extent

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"database {self.database!r} is empty in the newest snapshot",
            (f"It had {self.before.words()} in the snapshot before.",),
        )


@dataclass(frozen=True, slots=True)
class DatabaseSmaller:
    """A database that lost pages: its name, and how large it was before and is in the newest snapshot."""

    kind: ClassVar[str] = "database-smaller"
    database: str
    before: Extent
    now: Extent

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"database {self.database!r} is smaller in the newest snapshot than in the one before",
            (f"It had {self.before.words()}, and has {self.now.words()} now.",),
        )


@rule(
    "SNAP005",
    "newest snapshot smaller than the one before",
    Severity.MEDIUM,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/shrank", "snapshot/database-gone"),
    silent_on=("healthy/lagging-111", "healthy/lagging-118", "healthy/trimmed-111"),
)
def shrank(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The databases of the two newest snapshots: each one of the older is in the newer, and has at least nine tenths of
    its pages.
    ## Why it matters
    An SQLite database does not shrink when rows are deleted, only by VACUUM. A database that lost pages may have been
    replaced, or started anew, and the next snapshot removes the last copy of the old content. Maintainers look for this
    by hand.
    ## False alarm if
    A VACUUM ran, or a database was deleted on purpose. The size of the files tells nothing: they are compressed, and up
    to dqlite 1.16 hold a WAL that comes and goes.
    ## What to do
    Keep a copy of the older snapshot now: the next snapshot deletes it. Then compare the databases at both indexes
    (`sql --at`).
    ## References
    https://github.com/canonical/lxd/pull/13346; docs/reference/snapshots.md#snapshot-data;
    docs/reference/healthy.md#taking-a-snapshot
    """
    known = [
        (snapshot.name.index, snapshot.data.value, snapshot.data_file.at)
        for snapshot in node.snapshots
        if snapshot.data_file and snapshot.data and snapshot.data.whole and snapshot.data.value
    ]
    if len(known) < 2:
        yield NotChecked("fewer than two snapshots can be read", "fewer-than-two-snapshots")
        return
    (_, older, older_at), (_, newer, newer_at) = sorted(known, key=lambda row: row[0])[-2:]
    for problem in _compare(older, newer):
        severity = Severity.HIGH if isinstance(problem, DatabaseGone) else None
        yield Finding(problem, (newer_at, older_at), severity, where=(problem.database,))


def _compare(older: SnapshotData, newer: SnapshotData) -> Iterator[DatabaseGone | DatabaseEmpty | DatabaseSmaller]:
    now = {image.name: image for image in newer.databases}
    for before in older.databases:
        after = now.get(before.name)
        if after is None:
            yield DatabaseGone(before.name, _extent(before))
        elif after.main_size == 0 and after.wal_size == 0 and before.main_size > 0:
            yield DatabaseEmpty(before.name, _extent(before))
        elif before.page_count and after.page_count is not None and after.page_count < before.page_count * _KEPT:
            yield DatabaseSmaller(before.name, _extent(before), _extent(after))


def _extent(image: DatabaseImage) -> Extent:
    return Extent(image.main_size, image.page_count)
