"""SQLite on an image, in a process of its own: see serve.py.

An authorizer lets only reading through, views and the like may call no function with side effects (trusted_schema),
SQLite's own limits and its heap are bounded, and a query ends at its deadline.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from forensics.limits import (
    SQL_BATCH_BYTES,
    SQL_CELL_BYTES_MAX,
    SQL_HEAP_BYTES_MAX,
    SQL_PATTERN_CHARS_MAX,
    SQL_SECONDS_MAX,
    SQL_STEPS_MAX,
    SQL_STEPS_PER_LOOK,
    SQL_TEXT_CHARS_MAX,
)
from forensics.sqlite.query_error import QueryError

_LIMITS: Final = (
    (sqlite3.SQLITE_LIMIT_LENGTH, SQL_CELL_BYTES_MAX),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, SQL_TEXT_CHARS_MAX),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, SQL_PATTERN_CHARS_MAX),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (sqlite3.SQLITE_LIMIT_VDBE_OP, 1_000_000),
)
_READING: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
_FUNCTIONS_REFUSED: Final = frozenset({"load_extension", "fts3_tokenizer", "randomblob", "zeroblob"})
# Each only reports; with an argument the first group reports on a table or an index.
_PRAGMAS_ON: Final = frozenset(
    {"table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list", "table_list",
     "integrity_check", "quick_check", "foreign_key_check"}
)  # fmt: skip
_PRAGMAS_ALONE: Final = frozenset(
    {"user_version", "application_id", "schema_version", "page_size", "page_count", "freelist_count", "encoding",
     "auto_vacuum", "journal_mode", "database_list", "collation_list", "compile_options", "data_version"}
)  # fmt: skip

_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|--[^\n]*", re.DOTALL)
_VIRTUAL: Final = re.compile(r"\s*create\s+virtual\b", re.IGNORECASE)


@dataclass(slots=True)
class Steps:
    """Of SQLite's virtual machine: how many a request has taken, and may take at most."""

    taken: int = 0
    allowed: int = SQL_STEPS_MAX

    def look(self) -> bool:
        """Count those since the last look; whether they are too many now."""
        self.taken += SQL_STEPS_PER_LOOK
        return self.taken > self.allowed


class Engine:
    """One image, open for reading.

    Args:
        name: of the database, for errors.
        image: its bytes, or the path of a file that holds them and may lose its name once this is made.
        steps: what all of the run's queries share.

    Raises QueryError where the image cannot be opened as a database at all.
    """

    def __init__(self, name: str, image: bytes | str, steps: Steps) -> None:
        self.name = name
        self._steps = steps
        self._deadline = 0.0
        self._refused = False  # something of the statement, by _authorize
        try:
            self._connection = _connect(image)
        except sqlite3.Error as error:  # of a large image: its first page is read when it is opened
            raise QueryError(str(error), damage=_is_damage(error)) from error
        try:
            self._harden()
            self._refuse_virtual_tables()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the image."""
        self._connection.close()

    def execute(self, sql: str, values: tuple[Any, ...], seconds: float) -> sqlite3.Cursor:
        """Begin one statement."""
        with self._bounded(seconds, seconds):
            return self._connection.execute(sql, values)

    def rows(self, cursor: sqlite3.Cursor, left: float, seconds: float) -> list[tuple[Any, ...]]:
        """The next rows, a bounded number of bytes; none at the end. `left` of all their seconds are left."""
        found: list[tuple[Any, ...]] = []
        room = SQL_BATCH_BYTES
        with self._bounded(left, seconds):
            while room > 0 and (row := cursor.fetchone()) is not None:
                found.append(row)
                room -= sum(len(cell) if isinstance(cell, str | bytes) else 16 for cell in row)
        return found

    @contextmanager
    def _bounded(self, left: float, seconds: float) -> Iterator[None]:
        """Deadline, and errors as QueryError. The timer ends what does not look at the clock (integrity_check)."""
        self._deadline, self._refused = time.monotonic() + left, False
        timer = threading.Timer(left + 0.5, self._connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            raise QueryError(self._reason(error, seconds), damage=_is_damage(error)) from error
        except MemoryError as error:
            raise QueryError(f"the query needs more than {SQL_HEAP_BYTES_MAX} bytes of memory") from error
        finally:
            timer.cancel()

    def _harden(self) -> None:
        connection = self._connection
        connection.text_factory = _text
        with self._bounded(SQL_SECONDS_MAX, SQL_SECONDS_MAX):
            for pragma in (
                "trusted_schema = OFF",
                "cell_size_check = ON",
                "query_only = ON",
                "mmap_size = 0",
                "temp_store = MEMORY",
                f"hard_heap_limit = {SQL_HEAP_BYTES_MAX}",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            for limit, value in _LIMITS:
                connection.setlimit(limit, value)
            if hasattr(connection, "setconfig"):  # Python 3.12
                connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)  # type: ignore[attr-defined,unused-ignore]
            connection.set_progress_handler(self._late, SQL_STEPS_PER_LOOK)
            connection.set_authorizer(self._authorize)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()

    def _refuse_virtual_tables(self) -> None:
        """Their modules parse tables of the image with code that was never meant for hostile ones."""
        statements = self.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL", (), SQL_SECONDS_MAX).fetchall()
        if any(_VIRTUAL.match(_COMMENT.sub(" ", str(sql))) for (sql,) in statements):
            raise QueryError(f"{self.name}: the schema declares virtual tables, which are not opened here")

    def _late(self) -> int:
        return int(self._steps.look() or time.monotonic() > self._deadline)

    def _authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if _only_reads(action, first, second):
            return sqlite3.SQLITE_OK
        self._refused = True
        return sqlite3.SQLITE_DENY

    def _reason(self, error: Exception, seconds: float) -> str:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            return f"stopped after {seconds:g} s"
        return f"refused: only reading is possible here ({error})" if self._refused else str(error)


def _is_damage(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def _connect(image: bytes | str) -> sqlite3.Connection:
    options: dict[str, Any] = {"isolation_level": None, "check_same_thread": False, "cached_statements": 0}
    if isinstance(image, bytes):
        connection: sqlite3.Connection = sqlite3.connect(":memory:", **options)
        connection.deserialize(image)
        return connection
    connection = sqlite3.connect(f"file:{quote(image)}?mode=ro&immutable=1", uri=True, **options)
    connection.execute("PRAGMA cache_size")  # SQLite holds the file open now: its name may go
    return connection


def _only_reads(action: int, first: str | None, second: str | None) -> bool:
    if action in _READING:
        return True
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return True  # asked for where json_each and the like declare their columns; nothing can be written
    if action == sqlite3.SQLITE_FUNCTION:
        return (second or "").lower() not in _FUNCTIONS_REFUSED
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        return name in _PRAGMAS_ON or (name in _PRAGMAS_ALONE and second is None)
    return False


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
