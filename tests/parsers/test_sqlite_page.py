"""Pages of tables, against SQLite, and hostile."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.sqlite_page import Cell, cells, children, is_leaf, payload, record


def test_rows_are_those_that_sqlite_wrote(tmp_path: Path) -> None:
    """Every serial type, negative rowids, overflow chains; the tree walked from its root."""
    path = tmp_path / "made.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size = 4096")
    connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)")
    numbers = [0, 1, -1, 127, -129, 1 << 20, -(1 << 30), 1 << 40, -(1 << 60), 1.5, None, "text", "ünï", b"\x00\xff"]
    for row_id, value in enumerate(numbers, -3):
        connection.execute("INSERT INTO t VALUES(?, ?, ?)", (row_id, value, None))
    for size in (3000, 4050, 4096, 9000, 100_000):
        connection.execute("INSERT INTO t(a, b) VALUES(?, ?)", (bytes([size % 256]) * size, size))
    connection.commit()
    expected = connection.execute("SELECT id, a, b FROM t ORDER BY id").fetchall()
    ((root,),) = connection.execute("SELECT rootpage FROM sqlite_master")
    connection.close()
    raw = path.read_bytes()

    def read(number: int) -> bytes:
        return raw[(number - 1) * 4096 : number * 4096]

    found: dict[int, Cell] = {}
    pending = [root]
    while pending:
        number = pending.pop()
        pending += children(read(number), number) or []
        if is_leaf(read(number), number):
            found |= cells(read(number), number)
    rows = [(row_id, *record(payload(found[row_id], read, 4096), 3)[1:]) for row_id in sorted(found)]
    assert rows == expected


@given(st.binary(min_size=512, max_size=512), st.sampled_from([0x0D, 0x05, 0x0A]))
def test_junk_never_raises(junk: bytes, kind: int) -> None:
    page = bytes([kind]) + junk[1:]
    for cell in cells(page, 2).values():
        record(payload(cell, lambda _: page, 512)[:10_000], 9)
    children(page, 2)
    record(junk, 9)
