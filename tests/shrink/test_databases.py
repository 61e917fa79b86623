"""Of the databases in snapshots nothing is left but what is asked for; SQLite reads what is left, and says so."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import lz4.frame
import pytest

from forensics.check.tree import File, Tree
from forensics.evidence import BytesBlob
from forensics.parsers.snapshot import parse_snapshot_data
from forensics.shrink.databases import with_fewer_rows
from tests.sqlite_oracle import Writer, snapshot

PATH = "n1/snapshot-1-9-1"
ROW = "INSERT INTO \"t\" VALUES(42,'row 42');"
WITH_WAL = b"\2\2"  # the versions in a database's header that say so


def _dumps(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """Each database of the snapshot, by name, and its tables and rows as SQLite writes them."""
    raw = tree[PATH].content
    content = lz4.frame.decompress(raw) if raw.startswith(b"\x04\x22\x4d\x18") else raw
    parsed = parse_snapshot_data(BytesBlob("", content))
    assert not parsed.anomalies
    assert parsed.value is not None
    for one in parsed.value.databases:
        assert content[one.main_offset + 18 : one.main_offset + 20] == WITH_WAL
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "db").write_bytes(content[one.main_offset : one.main_offset + one.main_size])
            Path(folder, "db-wal").write_bytes(content[one.wal_offset : one.wal_offset + one.wal_size])
            with closing(sqlite3.connect(f"{folder}/db")) as opened:
                # SQLite takes over what the WAL holds: not busy, one frame, which is whole
                assert opened.execute("PRAGMA wal_checkpoint").fetchone() == (0, 1, 1)
                dump = [line for line in opened.iterdump() if line.startswith(("CREATE TABLE", "INSERT"))]
        yield one.name, dump


class _Asks:
    """Whether a row is there still, whatever else is gone."""

    is_over = False

    def holds(self, tree: Tree) -> bool:
        said = dict(_dumps(tree)).get("k8s", [])
        return ROW in said and any(line.startswith("CREATE TABLE w") for line in said)


@pytest.mark.parametrize("compress", [True, False])
def test_a_row_that_is_needed_stays_and_no_other(tmp_path: Path, *, compress: bool) -> None:
    """Of two databases, tables and a hundred rows; half of them lie in the WAL, as dqlite 1.16 has it."""
    writer = Writer(tmp_path)
    writer.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", "CREATE INDEX i ON t (b)", "CREATE TABLE u (a)")
    writer.run(*(f"INSERT INTO t VALUES ({number}, 'row {number}')" for number in range(50)))  # noqa: S608 - our own
    writer.checkpoint()
    writer.run("CREATE TABLE w (a PRIMARY KEY) WITHOUT ROWID", "INSERT INTO w VALUES (1), (2)")
    writer.run(*(f"INSERT INTO t VALUES ({number}, 'row {number}')" for number in range(50, 100)))  # noqa: S608 - our own
    other = Writer(tmp_path, "other")
    other.run("CREATE TABLE t (a)")
    content = snapshot([("k8s", *writer.images()), ("other", *other.images())], compress=compress)
    small = with_fewer_rows({PATH: File(content)}, _Asks())
    assert dict(_dumps(small)) == {
        "k8s": [
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);",
            ROW,
            "CREATE TABLE w (a PRIMARY KEY) WITHOUT ROWID;",
            *(f'INSERT INTO "w" VALUES({number});' for number in (1, 2)),
        ]
    }


def test_what_sqlite_does_not_take_stays_or_goes_whole() -> None:
    """Pages of zeros are no database: it is needed as it is, here."""
    content = snapshot([("k8s", bytes(8192), b"")])

    class Needed:
        is_over = False

        def holds(self, tree: Tree) -> bool:
            found = parse_snapshot_data(BytesBlob("", tree[PATH].content)).value
            return found is not None and [one.main_size for one in found.databases] == [8192]

    assert with_fewer_rows({PATH: File(content)}, Needed())[PATH].content == content


def test_a_snapshot_that_is_cut_stays() -> None:
    content = snapshot([("k8s", bytes(8192), b"")])[:-20]

    class Never:
        is_over = False

        def holds(self, _: Tree) -> bool:
            raise AssertionError

    assert with_fewer_rows({PATH: File(content)}, Never())[PATH].content == content
