"""Pages of databases that SQLite wrote: schemas stay whole, what is no number of a page goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.redact.keyed import Key
from forensics.redact.pages import Pages, cleaned_page
from forensics.redact.snapshots import cleaned_database
from forensics.redact.texts import Texts
from tests.sqlite_oracle import Writer

KEY = Key(b"a key of the tests, and of nobody")


def test_a_schema_longer_than_a_page_stays(tmp_path: Path) -> None:
    """400 columns of 20 characters and more: two overflow pages. SQLite reads the copy, and finds it whole."""
    columns = ", ".join(f"column_number_{number} TEXT" for number in range(400))
    writer = Writer(tmp_path)
    writer.run(f"CREATE TABLE wide ({columns})", "INSERT INTO wide (column_number_399) VALUES ('mercury-secret')")
    writer.checkpoint()
    image = writer.image()
    texts = Texts(KEY)
    pages = Pages(texts)
    cleaned_database(image, pages)
    texts.settle()
    copy = tmp_path / "copy.db"
    copy.write_bytes(cleaned_database(image, pages))
    assert b"mercury-secret" not in copy.read_bytes()
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT sql FROM sqlite_schema").fetchall() == [(f"CREATE TABLE wide ({columns})",)]
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("SELECT count(column_number_399) FROM wide").fetchone() == (1,)
    opened.close()


def test_bytes_that_the_header_reserves_go(tmp_path: Path) -> None:
    """Bytes 72 to 91 of the file (sqlite.org/fileformat2.html, "Reserved for expansion")."""
    writer = Writer(tmp_path)
    writer.run("CREATE TABLE t (a)")
    writer.checkpoint()
    page = bytearray(writer.image()[:4096])
    page[72:92] = b"a secret of 20 bytes"
    texts = Texts(KEY)
    texts.settle()
    assert b"secret" not in cleaned_page(bytes(page), 1, texts)


def test_a_text_of_four_bytes_a_letter_is_no_list_of_free_pages() -> None:
    """Of an overflow page: `a` is 97, and would be taken for the count of a list."""
    page = bytes(4) + ("a secret text " * 80).encode("utf-32-be")[: 4096 - 4]
    texts = Texts(KEY)
    texts.settle()
    assert "secret".encode("utf-32-be") not in cleaned_page(page.ljust(4096, b"\0"), 7, texts)


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_a_text_of_two_bytes_a_letter_goes(encoding: str, tmp_path: Path) -> None:
    """Letter by letter each would be a name of its own, and all 26 together have no room for others."""
    with closing(sqlite3.connect(tmp_path / "wide.db", isolation_level=None)) as opened:
        opened.execute(f"PRAGMA encoding='{encoding}'")
        opened.execute("CREATE TABLE t (a)")
        opened.execute("INSERT INTO t VALUES ('mercury-secret abcdefghijklmnopqrstuvwxyz')")
    image = (tmp_path / "wide.db").read_bytes()
    texts = Texts(KEY)
    pages = Pages(texts)
    cleaned_database(image, pages)
    texts.settle()
    assert "mercury".encode(encoding) in image
    copy = cleaned_database(image, pages)
    assert not any("mercury-secret"[at : at + 3].encode(encoding) in copy for at in range(12))
    assert [number for kind, number in texts.counts.items() if "UTF-16" in kind] == [1]


@pytest.mark.parametrize("mode", ["FULL", "INCREMENTAL"])
def test_the_copy_of_a_database_with_auto_vacuum_is_whole(mode: str, tmp_path: Path) -> None:
    """Page 2 tells of each page what it belongs to, in a type of 1 to 5 and a page's number."""
    with closing(sqlite3.connect(tmp_path / "vacuum.db", isolation_level=None)) as opened:
        opened.execute(f"PRAGMA auto_vacuum={mode}")
        opened.execute("CREATE TABLE t (a, b)")
        opened.execute("CREATE INDEX i ON t (a)")
        rows = [(f"mercury-secret-{number}", f"{number} mercury-secret" * 900) for number in range(40)]
        opened.executemany("INSERT INTO t VALUES (?, ?)", rows)
        opened.execute("DELETE FROM t WHERE rowid % 5 = 0")
    image = (tmp_path / "vacuum.db").read_bytes()
    texts = Texts(KEY)
    pages = Pages(texts)
    cleaned_database(image, pages)
    texts.settle()
    copy = cleaned_database(image, pages)
    assert b"mercury" not in copy
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(copy)
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("SELECT count(*), sum(length(b)) FROM t").fetchone() == (
            32,
            sum(len(b) for number, (_, b) in enumerate(rows, 1) if number % 5),
        )


def test_what_is_nearly_a_pointer_map_goes() -> None:
    """A text between small numbers, or numbers with a byte of text in them, are none."""
    texts = Texts(KEY)
    texts.settle()
    for entry in (b"\1secr", b"\5\0sec", b"\2\0\0\0s", b"\3\0\0\0\0"):
        page = (b"\5\0\0\0\3" * 800 + entry).ljust(4096, b"\0")
        assert cleaned_page(page, 2, texts) != page


def test_what_the_owner_keeps_stays_and_what_he_names_goes(tmp_path: Path) -> None:
    """`error` and `leader` are words that stay; `mercury` is one too, unless it is named."""
    folder = tmp_path / "n1"
    folder.mkdir()
    (folder / "info.yaml").write_text("ID: 1\nAddress: zq7host:9001\nRole: 0\n")
    (folder / "journal.log").write_text("Jan  5 10:00:00 n1 k8s.k8s-dqlite[1]: error: mercury zq7app zq8app leader\n")
    (folder / "old.bak").write_text("x")
    policy = tmp_path / "policy.toml"
    policy.write_text('keep = ["zq7.*"]\nnames = ["mercury"]\nleave_out = ["*.bak"]\n')
    out = tmp_path / "out"
    assert main(["redact", str(folder), "-o", str(out), "--policy", str(policy), "--keep", "zq8app"]) == 0
    copied = {path.name: path.read_text() for path in out.rglob("*") if path.is_file()}
    assert sorted(copied) == ["info.yaml", "journal.log"]
    assert "zq7host:9001" in copied["info.yaml"]
    assert all(word in copied["journal.log"] for word in ("error", "zq7app", "zq8app", "leader"))
    assert "mercury" not in copied["journal.log"]


@pytest.mark.parametrize("policy", ["keeps = []", 'keep = "a"', "keep = [1]", "keep = [", 'keep = ["("]'])
def test_a_policy_that_is_none_is_refused(policy: str, tmp_path: Path) -> None:
    folder = tmp_path / "n1"
    folder.mkdir()
    (folder / "info.yaml").write_text("ID: 1\nAddress: a:1\nRole: 0\n")
    path = tmp_path / "policy.toml"
    path.write_text(policy)
    assert main(["redact", str(folder), "-o", str(tmp_path / "out"), "--policy", str(path)]) == 2
    assert not (tmp_path / "out").exists()
