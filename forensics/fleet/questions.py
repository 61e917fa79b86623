"""Questions to the tables, in SQL: DuckDB reads the Parquet, may read nothing else, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import duckdb

from forensics.errors import UsageError
from forensics.fleet.parquet import dataset
from forensics.fleet.store import Store
from forensics.fleet.tables import COLUMNS

_MEMORY: Final = "1GB"
_NEWEST: Final = (
    "CREATE VIEW cases AS SELECT * FROM all_cases "
    "QUALIFY row_number() OVER (PARTITION BY name ORDER BY finished DESC) = 1"
)
"""A case that was judged again, by a newer version or with more files, counts once: as it was judged last."""

# Which column of which table a question groups by.
TOP: Final = {
    "rule": "SELECT f.rule, f.severity, count(DISTINCT c.name) AS cases, count(*) AS findings "
    "FROM findings f JOIN cases c USING (key) GROUP BY ALL ORDER BY cases DESC, findings DESC, f.rule",
    "fault": "SELECT f.kind AS fault, count(DISTINCT c.name) AS cases, count(*) AS faults "
    "FROM faults f JOIN cases c USING (key) GROUP BY ALL ORDER BY cases DESC, faults DESC, fault",
    "product": "SELECT n.database AS product, c.level, count(DISTINCT c.name) AS cases "
    "FROM nodes n JOIN cases c USING (key) GROUP BY ALL ORDER BY cases DESC, product, level",
    "version": "SELECT n.snap, n.version, c.level, count(DISTINCT c.name) AS cases "
    "FROM nodes n JOIN cases c USING (key) WHERE n.version IS NOT NULL "
    "GROUP BY ALL ORDER BY cases DESC, snap, version, level",
    "week": "SELECT week, level, count(*) AS cases FROM cases WHERE state = 'ok' GROUP BY ALL ORDER BY week, level",
}
STATUS: Final = (
    "SELECT state, count(*) AS cases, count(DISTINCT key) AS reports, sum(bytes) AS bytes, "
    "round(sum(cpu), 1) AS cpu_seconds, max(peak) AS peak_bytes FROM cases GROUP BY state ORDER BY state"
)
ASIDE: Final = (
    "SELECT f.name, f.state, f.try, f.reason FROM failures f JOIN cases c USING (name) "
    "WHERE c.state <> 'ok' AND f.finished = c.finished ORDER BY f.name, f.try"
)


class Answer:
    """Rows of an answer, and what their columns are called."""

    def __init__(self, found: Any) -> None:
        self.columns: list[str] = [one[0] for one in found.description or ()]
        self._found = found

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while rows := self._found.fetchmany(1000):
            yield from (tuple(map(_plain, row)) for row in rows)


def _plain(value: Any) -> Any:
    """A value of DuckDB as every output can write it: lists and objects stay, a moment is ISO 8601."""
    if isinstance(value, dict):
        return {str(name): _plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | int | float | bytes) else str(value)


class Questions:
    """A connection to the tables of a store."""

    def __init__(self, store: Store) -> None:
        self._connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": ""})
        for table in COLUMNS:
            self._connection.register("all_cases" if table == "cases" else table, dataset(store, table))
        self._connection.execute(_NEWEST)
        for setting in (
            "enable_external_access = false",
            "python_enable_replacements = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def ask(self, query: str, values: Sequence[Any] = ()) -> Answer:
        """One statement that only reads. Raises UsageError where it is another, or is wrong."""
        try:
            statements = self._connection.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise UsageError("one SELECT, please: the tables are only read")
            return Answer(self._connection.execute(statements[0], list(values)))
        except duckdb.Error as error:
            raise UsageError(f"the query: {error}") from error

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return list(self.ask(query, values))

    def close(self) -> None:
        """End it."""
        self._connection.close()


@contextmanager
def asking(store: Store) -> Iterator[Questions]:
    """A connection that is closed again."""
    questions = Questions(store)
    try:
        yield questions
    finally:
        questions.close()
