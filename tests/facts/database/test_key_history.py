"""The history of keys, against SQLite asked at every index."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from forensics.facts.database.key_history import begin, changes
from forensics.facts.database.open import Database
from forensics.facts.database.rebuild import rebuild
from forensics.facts.database.timeline import Timeline, timeline_of
from forensics.pipeline import directories, ingest
from tests.sqlite_oracle import Log, Writer, frames

BASES = Path(__file__).resolve().parents[3] / "fixtures" / "bases"
QUERY = "SELECT id, name, created, deleted, prev_revision, length(value) FROM kine ORDER BY id"
KINE = (
    "CREATE TABLE kine(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created INTEGER, deleted INTEGER, "
    "create_revision INTEGER, prev_revision INTEGER, lease INTEGER, value BLOB, old_value BLOB)"
)
INSERT = "INSERT INTO kine(name, created, deleted, create_revision, prev_revision, lease, value)"
Told = tuple[int, str, int]  # index, operation, revision


def table_at(timeline: Timeline, index: int) -> dict[int, tuple[Any, ...]]:
    found = rebuild(timeline, index, "k8s")
    assert found is not None
    with found:
        if "k8s" not in found.databases:
            return {}
        with Database(found.databases["k8s"]) as database:
            if "kine" not in database.tables():
                return {}
            return {row[0]: row for row in database.rows(QUERY)}


def told_by_sqlite(timeline: Timeline, first: int, last: int) -> dict[str, list[Told]]:
    """What changed at each index, by asking for the whole table before and after it."""
    told: dict[str, list[Told]] = defaultdict(list)
    before = table_at(timeline, first - 1) if first > 1 else {}
    for index in range(first, last + 1):
        rows = table_at(timeline, index)
        for revision, row in rows.items():
            if before.get(revision) != row:
                word = "rewrite" if revision in before else "create" if row[2] else "delete" if row[3] else "update"
                told[row[1]].append((index, word, revision))
        for revision in sorted(before.keys() - rows.keys()):
            row = before[revision]
            newer = any(other[1] == row[1] and other[0] > revision for other in (rows | before).values())
            word = "compact" if row[3] or newer or row[1] == "compact_rev_key" else "remove"
            told[row[1]].append((index, word, revision))
        before = rows
    return told


def told_by_history(timeline: Timeline, key: str) -> list[Told]:
    beginning = begin(timeline, "k8s")
    assert beginning is not None
    try:
        found = list(changes(timeline, beginning, "k8s", key))
    finally:
        beginning.replay.close()
    return [(change.index, change.operation.value, change.revision) for change in found if change.index is not None]


@pytest.mark.parametrize(("base", "first"), [("single", 1), ("kine-sick", 1), ("trimmed", 321)])
def test_every_key_of_a_real_log(base: str, first: int) -> None:
    """Creates, updates, deletes and compactions, from index 1 and from behind a snapshot."""
    with ingest([str(BASES / f"{base}.tar.xz")]) as evidence:
        timeline = timeline_of(directories(evidence)[0])
        expected = told_by_sqlite(timeline, first, timeline.tip()[1])
        assert len(expected) > 20
        for key, told in expected.items():
            assert told_by_history(timeline, key) == told


def test_a_table_that_splits_shrinks_and_moves(tmp_path: Path) -> None:
    """One row a leaf, hundreds of leaves, deletes of whole leaves, VACUUM, a table dropped and made again."""
    writer, log = Writer(tmp_path), Log(per_segment=50)
    history: list[tuple[str, ...]] = [(KINE,)]
    for number in range(160):
        name, size = f"/registry/pods/p-{number % 7}", 50 + number * 37 % 9000
        values = f"'{name}', {int(number < 7)}, 0, 0, {number}, 0, zeroblob({size})"
        history.append((f"{INSERT} VALUES({values})",))
        if number % 40 == 39:
            history.append((f"DELETE FROM kine WHERE id < {number - 20} AND id % 5 > 0",))  # noqa: S608
    history += [
        ("VACUUM",),
        ("UPDATE kine SET prev_revision = 7 WHERE id > 150",),
        ("CREATE TABLE other(a)", "DROP TABLE kine"),
        (KINE,),
        ("INSERT INTO kine(name, created, value) VALUES('/registry/pods/p-1', 1, x'00')",),
    ]
    for statements in history:
        log.add(frames("k8s", writer.run(*statements)))
    timeline = timeline_of(log.state())
    expected = told_by_sqlite(timeline, 1, len(log.entries))
    assert set(expected) == {f"/registry/pods/p-{number}" for number in range(7)}
    for key, told in expected.items():
        assert told_by_history(timeline, key) == told


def test_rows_of_the_snapshot_that_a_history_begins_with_have_no_index() -> None:
    with ingest([str(BASES / "trimmed.tar.xz")]) as evidence:
        timeline = timeline_of(directories(evidence)[0])
        beginning = begin(timeline, "k8s")
        assert beginning is not None
        assert beginning.snapshot is not None
        found = list(changes(timeline, beginning, "k8s", "/registry/namespaces/kube-system"))
        beginning.replay.close()
    assert [(change.index, change.operation.value, change.revision) for change in found] == [(None, "create", 2)]
