"""A database with fewer tables and rows, as SQLite itself makes it: for `shrink`.

The image is hostile until proven otherwise: its schema is not trusted, and all runs under a deadline.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from forensics.limits import SQL_HEAP_BYTES_MAX, SQL_STEPS_PER_LOOK
from forensics.sqlite.engine import Steps
from forensics.sqlite.query_error import QueryError

Rows = dict[str, list[int] | None]
"""Rowids by table; None for all rows, whatever they are called."""


def rows_of(image: bytes, seconds: float, steps: Steps) -> Rows:
    """The tables, and the rowids of each; None for one that has none. Raises QueryError."""
    with _opened(image, seconds, steps) as connection:
        return {table: _rowids(connection, table) for table in _tables(connection)}


def fewer_rows(image: bytes, kept: Rows, seconds: float, steps: Steps) -> bytes:
    """The image with these tables alone, each with these rows alone, and without free pages. Raises QueryError."""
    with _opened(image, seconds, steps) as connection:
        for table in _tables(connection):
            _keep(connection, table, kept)
        connection.execute("VACUUM")
        return connection.serialize()


def _keep(connection: sqlite3.Connection, table: str, kept: Rows) -> None:
    if table not in kept:
        connection.execute(f"DROP TABLE {_quoted(table)}")
    elif (rows := kept[table]) is not None:
        connection.execute("CREATE TEMP TABLE kept (row INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO temp.kept VALUES (?)", ((row,) for row in rows))
        connection.execute(f"DELETE FROM main.{_quoted(table)} WHERE rowid NOT IN (SELECT row FROM temp.kept)")  # noqa: S608 - quoted
        connection.execute("DROP TABLE temp.kept")


def _tables(connection: sqlite3.Connection) -> list[str]:
    """But for those of SQLite itself."""
    found = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    return [str(name) for (name,) in found if not str(name).startswith("sqlite_")]


def _rowids(connection: sqlite3.Connection, table: str) -> list[int] | None:
    try:
        rows = connection.execute(f"SELECT rowid FROM main.{_quoted(table)} ORDER BY rowid").fetchall()  # noqa: S608 - quoted
    except sqlite3.OperationalError:  # WITHOUT ROWID
        return None
    return [row for (row,) in rows]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _opened(image: bytes, seconds: float, steps: Steps) -> Iterator[sqlite3.Connection]:
    until = time.monotonic() + seconds
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        try:
            connection.deserialize(image)
            for pragma in ("trusted_schema = OFF", "temp_store = MEMORY", f"hard_heap_limit = {SQL_HEAP_BYTES_MAX}"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.set_progress_handler(lambda: int(steps.look() or time.monotonic() > until), SQL_STEPS_PER_LOOK)
            yield connection
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise QueryError(str(error)) from error
