"""SNAP005: the newest snapshot holds less than the one before."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.parsers.snapshot import DatabaseImage, SnapshotData
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule

_KEPT = 0.9  # below it, it is no rounding of anything


@rule(
    "SNAP005",
    "newest snapshot smaller than the one before",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/shrank", "snapshot/database-gone"),
    silent_on=("healthy/lagging-111", "healthy/lagging-118", "healthy/trimmed-111"),
)
def shrank(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The databases of the two newest snapshots: each of the older one is in the newer one, and has at least nine tenths
    of its pages.
    ## Why it matters
    An SQLite database does not shrink by deleting rows, only by VACUUM; so a database that lost pages may be one that
    was replaced, or started anew, and the next snapshot removes the last that still has the old content. Maintainers
    look for this by hand.
    ## False alarm if
    After a VACUUM, or where a database was deleted on purpose. The size of the files tells nothing: it is compressed,
    and up to dqlite 1.16 holds a WAL that comes and goes.
    ## What to do
    Keep a copy of the older snapshot now: the next snapshot deletes it. Then compare the databases at both indexes
    (`sql --at`).
    ## References
    https://github.com/canonical/lxd/pull/13346; FACTS 1.8, 3.2
    """
    known = [
        (snapshot.name.index, snapshot.data.value, snapshot.data_file.at)
        for snapshot in node.snapshots
        if snapshot.data_file and snapshot.data and snapshot.data.whole and snapshot.data.value
    ]
    if len(known) < 2:
        yield NotChecked("fewer than two snapshots can be read")
        return
    (_, older, older_at), (_, newer, newer_at) = sorted(known, key=lambda row: row[0])[-2:]
    yield from _compare(older, newer, (newer_at, older_at))


def _compare(older: SnapshotData, newer: SnapshotData, spans: tuple[Span, ...]) -> Iterator[Finding]:
    now = {image.name: image for image in newer.databases}
    for before in older.databases:
        after = now.get(before.name)
        if after is None:
            message = f"database {before.name!r} ({_size(before)}) is not in the newest snapshot"
            yield Finding(message, spans, Severity.HIGH)
        elif after.main_size == 0 and after.wal_size == 0 and before.main_size > 0:
            message = f"database {before.name!r} had {_size(before)}, and is empty in the newest snapshot"
            yield Finding(message, spans)
        elif before.page_count and after.page_count is not None and after.page_count < before.page_count * _KEPT:
            message = f"database {before.name!r} had {_size(before)}, and has {_size(after)} in the newest snapshot"
            yield Finding(message, spans)


def _size(image: DatabaseImage) -> str:
    return f"{image.main_size} bytes" if image.page_count is None else f"{image.page_count} pages"
