"""SQL over a rebuilt image. Its schema and its rows come from the evidence: hostile until proven otherwise.

The image is a copy of ours, opened read-only and immutable, and in a process of its own (child.py): SQLite never sees
the evidence, and whatever it does there has a deadline and a bound on memory.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from forensics.budget import LimitError, of_run
from forensics.facts.database.pages import Pages
from forensics.limits import SQL_SECONDS_MAX
from forensics.private_file import space
from forensics.sqlite.child import child, over
from forensics.sqlite.query_error import QueryError

__all__ = ["Database", "QueryError", "Result"]


class Database:
    """A rebuilt database, open for reading. Use as a context manager.

    Raises QueryError where the image cannot be opened as a database at all.
    """

    def __init__(self, pages: Pages) -> None:
        self.name = pages.name
        self._child = child()
        if pages.in_memory:
            self._open(b"".join(pages.chunks()))
            return
        with space(), tempfile.TemporaryDirectory(prefix="dqlite-forensics-") as folder:
            path = os.path.join(folder, "image")
            pages.save(path)
            self._open(path)

    def _open(self, image: bytes | str) -> None:
        self._number: int = self.ask("open", self.name, image)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the image."""
        if not self._child.ended:
            self.ask("close", self._number)

    def ask(self, *request: Any, seconds: float = SQL_SECONDS_MAX) -> Any:
        """See Child.ask."""
        return self._child.ask(*request, seconds=seconds)

    def query(self, sql: str, values: tuple[Any, ...] = (), seconds: float = SQL_SECONDS_MAX) -> Result:
        """Run one statement. Rows come as they are computed; the deadline counts until the last one."""
        budget = of_run()
        if budget.late:
            raise over(budget, "SECONDS_MAX")
        seconds = min(seconds, budget.seconds_left)
        number, columns = self.ask("query", self._number, sql, values, seconds, seconds=seconds)
        return Result(self, number, columns, seconds)

    def rows(self, sql: str, values: tuple[Any, ...] = (), seconds: float = SQL_SECONDS_MAX) -> list[tuple[Any, ...]]:
        """All rows of one statement, for answers that are small."""
        return list(self.query(sql, values, seconds))

    def tables(self) -> frozenset[str]:
        """Names of the real tables: no views, and nothing of SQLite's own."""
        found = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return frozenset(name for (name,) in found if isinstance(name, str))


class Result:
    """Columns and rows of one query. The deadline is that of all rows: `seconds` from the first that is asked for."""

    def __init__(self, database: Database, number: int, columns: list[str], seconds: float) -> None:
        self.columns = columns
        self._database = database
        self._number = number
        self._seconds = seconds

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        until = time.monotonic() + self._seconds
        while rows := self._next(until - time.monotonic()):
            yield from map(tuple, rows)

    def _next(self, left: float) -> list[list[Any]]:
        if left <= 0:
            raise QueryError(f"stopped after {self._seconds:g} s")
        found: list[list[Any]] = self._database.ask("fetch", self._number, left, self._seconds, seconds=self._seconds)
        budget = of_run()
        try:
            budget.take("SQL_ROWS_MAX", len(found))
        except LimitError as error:
            raise over(budget, str(error)) from error
        return found
