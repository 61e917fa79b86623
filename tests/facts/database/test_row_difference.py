"""Rows that differ between two states, held against SQLite's own comparison (EXCEPT) of the same two images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.facts.database.rebuild import rebuild
from forensics.facts.database.row_difference import TableDifference
from forensics.facts.database.timeline import timeline_of
from forensics.limits import VALUE_HELD_BYTES_MAX
from forensics.pipeline import gather, ingest
from tests.fixtures import ROOT, known
from tests.sqlite_images import Images, pair


def as_except(found: TableDifference) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Our rows as EXCEPT gives them."""
    before: set[tuple[object, ...]] = {row.before for row in found.rows if row.before is not None}
    after: set[tuple[object, ...]] = {row.after for row in found.rows if row.after is not None}
    return before - after, after - before


RECORDINGS = {"databases": "app-1.db", "lxd-database": "db.bin", "k8sd-upgrade": "db.bin", "healthy": "k8s"}


def images(folder: Path, base: str, database: str) -> Iterator[tuple[int, Images]]:
    """Some states of a recording, each with its last one."""
    with ingest([str(ROOT / "bases" / f"{base}.tar.xz")]) as evidence:
        timeline = timeline_of(next(node.state for node in gather(evidence).nodes() if node.name == "n1"))
        last = known(rebuild(timeline))
        end = last.index
        states: dict[int, bytes] = {}
        for index in range(2, end + 1, max(1, end // 30)):
            with known(rebuild(timeline, index)) as found:
                if database in found.databases:
                    states[index] = b"".join(found.databases[database].chunks())
        last_image = b"".join(last.databases[database].chunks())
        last.replay.close()
    for number, (index, image) in enumerate(states.items()):
        place = folder / str(number)
        place.mkdir()
        yield index, Images(place, image, last_image)


@pytest.mark.parametrize(("base", "database"), RECORDINGS.items(), ids=RECORDINGS)
def test_equal_to_sqlites_own_comparison(base: str, database: str, tmp_path: Path) -> None:
    """Every table with the same columns on both sides, from many indexes to the end; large values by their digest."""
    compared = 0
    for index, both in images(tmp_path, base, database):
        ours, theirs = both.ours(), both.sqlite()
        same_shape = {name: found for name, found in ours.items() if not found.altered}
        assert {name for name, found in same_shape.items() if found.rows} == theirs.keys(), index
        for name, (gone, come) in theirs.items():
            large = any(_is_large(value) for row in gone | come for value in row)
            mine = as_except(same_shape[name])
            if large:
                assert (len(mine[0]), len(mine[1])) == (len(gone), len(come))
            else:
                assert mine == (gone, come)
            compared += 1
    assert compared > 5


def _is_large(value: object) -> bool:
    return isinstance(value, str | bytes) and len(value) > VALUE_HELD_BYTES_MAX


def counts(found: TableDifference) -> tuple[int, int, int]:
    """Added, deleted, changed rows."""
    kinds = Counter((row.before is None, row.after is None) for row in found.rows)
    return kinds[True, False], kinds[False, True], kinds[False, False]


def test_without_rowid_the_primary_key_tells_a_row(tmp_path: Path) -> None:
    common = ("CREATE TABLE t (a TEXT, b INTEGER, c, PRIMARY KEY (b, a)) WITHOUT ROWID",)
    old = ("INSERT INTO t VALUES ('x', 1, 'same'), ('y', 1, 'old'), ('z', 2, 'gone')",)
    new = ("INSERT INTO t VALUES ('x', 1, 'same'), ('y', 1, 'new'), ('z', 3, 'come')",)
    both = pair(tmp_path, common, old, new)
    found = both.ours()["t"]
    assert found.key == ("b", "a")
    assert counts(found) == (1, 1, 1)
    assert as_except(found) == both.sqlite()["t"]
    assert [row.key for row in found.rows if row.before and row.after] == [(1, "y")]


def test_without_a_key_the_rowid_does(tmp_path: Path) -> None:
    common = ("CREATE TABLE t (rowid TEXT, v)", "INSERT INTO t VALUES ('x', 1), ('x', 1), ('y', 2)")
    found = pair(tmp_path, common, (), ("UPDATE t SET v = 3 WHERE _rowid_ = 2", "DELETE FROM t WHERE v = 2")).ours()[
        "t"
    ]
    assert counts(found) == (0, 1, 1)
    assert sorted(row.key for row in found.rows) == [(2,), (3,)]


def test_a_key_with_null_is_none(tmp_path: Path) -> None:
    """SQLite lets several rows of a rowid table have NULL in their primary key."""
    common = (
        "CREATE TABLE t (a TEXT PRIMARY KEY, v)",
        "INSERT INTO t VALUES (NULL, 1), (NULL, 1), (NULL, 2), ('k', 5)",
    )
    both = pair(tmp_path, common, (), ("DELETE FROM t WHERE rowid = 1", "INSERT INTO t VALUES (NULL, 7)"))
    assert counts(both.ours()["t"]) == (
        1,
        1,
        0,
    )  # one of two equal rows is gone: EXCEPT, which has sets, tells of 7 only
    assert both.sqlite()["t"] == (set(), {(None, 7)})


def test_a_column_more_is_no_difference_of_rows(tmp_path: Path) -> None:
    common = ("CREATE TABLE t (id INTEGER PRIMARY KEY, v)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    after = ("ALTER TABLE t ADD COLUMN w DEFAULT 'new'", "UPDATE t SET v = 'c' WHERE id = 2")
    found = pair(tmp_path, common, (), after).ours()["t"]
    assert found.altered
    assert found.columns == ("id", "v")
    assert [(row.before, row.after) for row in found.rows] == [((2, "b"), (2, "c"))]


def test_a_table_that_is_gone_takes_its_rows_along(tmp_path: Path) -> None:
    common = ("CREATE TABLE kept (a)", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1), (2)")
    found = pair(tmp_path, common, (), ("DROP TABLE t",)).ours()
    assert list(found) == ["t"]
    assert found["t"].altered
    assert counts(found["t"]) == (0, 2, 0)


def test_large_values_compare_whole(tmp_path: Path) -> None:
    """They differ in their last character alone, far behind what is held."""
    common = ("CREATE TABLE t (id INTEGER PRIMARY KEY, v)",)
    before = ("INSERT INTO t VALUES (1, hex(zeroblob(2500)) || 'a'), (2, zeroblob(9000))",)
    after = ("INSERT INTO t VALUES (1, hex(zeroblob(2500)) || 'b'), (2, zeroblob(9000))",)
    found = pair(tmp_path, common, before, after).ours()["t"]
    assert [row.key for row in found.rows] == [(1,)]
    assert "00000" not in repr(found)


def test_when_time_is_over_nothing_is_claimed(tmp_path: Path) -> None:
    common = ("CREATE TABLE t (id INTEGER PRIMARY KEY)",)
    found = pair(tmp_path, common, (), ("INSERT INTO t VALUES (1)",)).ours(seconds=0)["t"]
    assert found.not_compared
    assert not found.rows


def test_too_many_rows_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.facts.database.row_difference.TABLE_ROWS_COMPARED_MAX", 2)
    common = ("CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)")
    assert pair(tmp_path, common, (), ("INSERT INTO t VALUES (3)",)).ours()["t"].not_compared
    assert not pair(tmp_path, common, (), ("DELETE FROM t WHERE id = 1",)).ours()["t"].not_compared


def test_too_much_text_is_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.facts.database.row_difference.ROWS_HELD_BYTES_MAX", 100)
    common = ("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",)
    after = ("INSERT INTO t VALUES (1, hex(zeroblob(30))), (2, hex(zeroblob(30)))",)
    assert pair(tmp_path, common, (), after).ours()["t"].not_compared
