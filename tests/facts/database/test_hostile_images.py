"""Hostile images: nothing is written, nothing runs away, nothing but reading is possible."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path

import pytest

from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.pages import Pages


def made(folder: Path, *statements: str) -> Pages:
    """An image that SQLite wrote."""
    path = folder / "made.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA page_size=4096", *statements):
        connection.execute(statement)
    connection.close()
    pages = Pages("k8s")
    pages.copy(1, path.read_bytes())
    return pages


@pytest.fixture
def database(tmp_path: Path) -> Database:
    table = ("CREATE TABLE kine(id INTEGER PRIMARY KEY, name)", "CREATE INDEX kine_name ON kine(name)")
    return Database(made(tmp_path, *table, "INSERT INTO kine VALUES(1, 'a')"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM kine",
        "INSERT INTO kine VALUES(2, 'b')",
        "UPDATE sqlite_master SET sql = ''",
        "CREATE TABLE other(a)",
        "CREATE TEMP TABLE other(a)",
        "CREATE TEMP VIEW other AS SELECT 1",
        "DROP TABLE kine",
        "ALTER TABLE kine RENAME TO other",
        "REINDEX",
        "ANALYZE",
        "ATTACH '/etc/passwd' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO '/tmp/other'",
        "BEGIN",
        "SAVEPOINT a",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA trusted_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA user_version = 7",
        "PRAGMA mmap_size = 1000000",
        "PRAGMA temp_store_directory = '/etc'",
        "PRAGMA hard_heap_limit = 0",
        "SELECT load_extension('/tmp/x.so')",
        "SELECT randomblob(10)",
        "SELECT zeroblob(10)",
        "CREATE VIRTUAL TABLE other USING fts5(a)",
    ],
)
def test_only_reading_is_possible(database: Database, statement: str) -> None:
    with pytest.raises(QueryError, match=r"refused|may not be modified"):
        database.rows(statement)
    assert database.rows("SELECT * FROM kine") == [(1, "a")]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT name FROM sqlite_master WHERE type = 'table'",
        "PRAGMA table_info(kine)",
        "SELECT name FROM pragma_table_info('kine')",
        "SELECT value FROM json_each('[1, 2]')",
        "PRAGMA integrity_check",
        "PRAGMA user_version",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT max(i) FROM n",
        "SELECT upper(name) || count(*) FROM kine GROUP BY name ORDER BY 1",
        "EXPLAIN QUERY PLAN SELECT * FROM kine",
    ],
)
def test_reading_is_possible(database: Database, statement: str) -> None:
    assert database.rows(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    ],
)
def test_a_query_ends_at_its_deadline(database: Database, statement: str) -> None:
    began = time.monotonic()
    with pytest.raises(QueryError, match=r"stopped after 0\.2 s"):
        database.rows(statement, seconds=0.2)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT replace(printf('%.*c', 9000000, 'x'), 'x', printf('%.*c', 9000000, 'y'))",
        "WITH RECURSIVE n(i, x) AS (SELECT 1, 2 UNION SELECT i+1, printf('%.*c', 999999, 'x') FROM n) SELECT 1 FROM n",
        "SELECT 'a' LIKE " + "'" + "%a" * 200 + "'",
        "SELECT " + "(" * 400 + "1" + ")" * 400 + "+" + "-" * 400 + "1",
    ],
)  # fmt: skip
def test_memory_is_bounded(database: Database, statement: str) -> None:
    with pytest.raises(QueryError):
        database.rows(statement, seconds=20)


def test_views_of_the_evidence_call_nothing_that_acts(tmp_path: Path) -> None:
    """trusted_schema is off: what the schema itself asks for is not trusted, even where a user may ask for it."""
    hostile = made(tmp_path, "CREATE VIEW kine AS SELECT load_extension('/tmp/x.so') AS id, 'a' AS name")
    with Database(hostile) as database, pytest.raises(QueryError):
        database.rows("SELECT * FROM kine")


def test_a_view_is_no_table(tmp_path: Path) -> None:
    with Database(made(tmp_path, "CREATE VIEW kine AS SELECT 1 AS id", "CREATE TABLE t(a)")) as database:
        assert database.tables() == {"t"}


@pytest.mark.parametrize(
    "words", ["CREATE VIRTUAL TABLE v USING fts5(a)", "CREATE /* x */ VIRTUAL -- y\n TABLE v USING fts5(a)"]
)
def test_virtual_tables_are_not_opened(tmp_path: Path, words: str) -> None:
    pages = made(
        tmp_path,
        "CREATE TABLE t(a)",
        "PRAGMA writable_schema = ON",
        f"INSERT INTO sqlite_master VALUES('table', 'v', 'v', 0, '{words}')",
    )
    with pytest.raises(QueryError, match="virtual tables"):
        Database(pages)


@pytest.mark.parametrize("damage", ["zeros", "noise", "header", "schema", "tail"])
def test_damaged_images_give_an_error_or_an_answer(tmp_path: Path, damage: str) -> None:
    """Never a crash, never a hang."""
    good = made(tmp_path, "CREATE TABLE kine(id INTEGER PRIMARY KEY, name)", "INSERT INTO kine VALUES(1, 'a')")
    raw = bytearray(b"".join(good.chunks()))
    if damage == "zeros":
        raw = bytearray(len(raw))
    elif damage == "noise":
        raw[100:] = bytes((n * 7919) % 251 for n in range(len(raw) - 100))
    elif damage == "header":
        raw[16:18] = b"\0\3"
    elif damage == "schema":
        raw[100:108] = b"\x0d" + bytes([255] * 7)
    else:
        raw[-4096:] = b"\xff" * 4096
    pages = Pages("k8s")
    pages.copy(1, bytes(raw))
    answer: object = "refused"
    with contextlib.suppress(QueryError), Database(pages) as database:
        answer = database.rows("PRAGMA integrity_check")
    assert answer != [("ok",)] or damage == "zeros"


def test_no_file_is_left_and_the_private_one_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.facts.database.pages.IMAGE_MEMORY_BYTES_MAX", 4096)
    (tmp_path / "private").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "private"))
    pages = made(tmp_path, "CREATE TABLE kine(id INTEGER PRIMARY KEY, name)", "INSERT INTO kine VALUES(1, 'a')")
    assert not pages.in_memory
    with Database(pages) as database:
        assert not list((tmp_path / "private").iterdir())
        assert database.rows("SELECT * FROM kine") == [(1, "a")]
    pages.close()
    assert not list((tmp_path / "private").iterdir())
