"""Two states of one database, row by row: what SQLite itself would find different, table by table.

A row is known by its primary key; where a table declares none, by its rowid. Large values are held as digests, so that
no comparison takes more memory than its bounds say.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from forensics.facts.database.open import Database
from forensics.limits import (
    ROWS_COMPARED_SECONDS_MAX,
    ROWS_HELD_BYTES_MAX,
    TABLE_ROWS_COMPARED_MAX,
    VALUE_HELD_BYTES_MAX,
)


@dataclass(frozen=True, slots=True)
class LargeValue:
    """A value that is too long to be held: `kind` is text or blob, `size` in characters or bytes."""

    kind: str
    size: int
    digest: str


Value = int | float | str | bytes | LargeValue | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row that is not the same on both sides.

    Attributes:
        key: the values of its key; the whole row where it has none, or the sides have no common one.
        before, after: its values, as the table's columns are; None where it is not there.
    """

    key: Row
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table that is not the same on both sides.

    Attributes:
        table: its name.
        columns: those that both sides have (all, where only one has the table), in the order of the rows' values.
        key: the columns that the rows are known by; empty where that is the rowid, or nothing.
        rows: that differ: changed and added ones, then those that are gone, each in the order of the table.
        altered: the columns themselves differ, or the table is on one side only.
        not_compared: it has too many rows, or time was over: whether its rows differ is not known.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[RowDifference, ...]
    altered: bool = False
    not_compared: bool = False


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table's columns, and those of its primary key in their order there."""

    columns: tuple[str, ...]
    key: tuple[str, ...]


class _TooMuchError(Exception):
    """The rows of a table do not fit into ROWS_HELD_BYTES_MAX."""


_ROWID = ("rowid", "_rowid_", "oid")


def table_differences(
    before: Database | None, after: Database | None, without: Sequence[str] = (), seconds: float | None = None
) -> Iterator[TableDifference]:
    """Every table that differs, by name. Raises QueryError where an image cannot be read.

    Args:
        before: one state; None for a database that does not exist then.
        after: the other one.
        without: tables that are left out. SQLite's own always are.
        seconds: for all of them; tables that are left when they are over are `not_compared`.
    """
    deadline = time.monotonic() + (ROWS_COMPARED_SECONDS_MAX if seconds is None else seconds)
    names = {name for side in (before, after) if side is not None for name in side.tables()}
    for name in sorted(names - set(without)):
        found = _compare(before, after, name, deadline)
        if found.rows or found.altered or found.not_compared:
            yield found


def _compare(before: Database | None, after: Database | None, name: str, deadline: float) -> TableDifference:
    old, new = _shape(before, name), _shape(after, name)
    columns, altered = _common(old, new), old != new
    key = _key(old, new, columns)
    left = deadline - time.monotonic()
    if left <= 0 or max(_count(side, name, left) for side in (before, after)) > TABLE_ROWS_COMPARED_MAX:
        return TableDifference(name, columns, key or (), (), altered, not_compared=True)
    try:
        sides = [_rows(side, name, shape, columns, key, left) for side, shape in ((before, old), (after, new))]
        rows = tuple(_unlike(*sides))
    except _TooMuchError:
        return TableDifference(name, columns, key or (), (), altered, not_compared=True)
    return TableDifference(name, columns, key or (), rows, altered)


def _unlike(before: Iterator[tuple[Row, Row]], after: Iterator[tuple[Row, Row]]) -> Iterator[RowDifference]:
    """Equal rows cancel; of the rest, those with one key are one row that changed."""
    held = Counter(before)
    others = []
    for item in after:
        if held.get(item):
            held[item] -= 1
        else:
            others.append(item)
    gone: dict[Row, deque[Row]] = defaultdict(deque)
    for (key, row), number in held.items():
        gone[key].extend([row] * number)
    for key, row in others:
        yield RowDifference(key, gone[key].popleft() if gone[key] else None, row)
    yield from (RowDifference(key, row, None) for key, rows in gone.items() for row in rows)


def _shape(side: Database | None, name: str) -> _Shape | None:
    if side is None or name not in side.tables():
        return None
    told = side.rows("SELECT name, pk FROM pragma_table_info(?)", (name,))
    keys = sorted((place, column) for column, place in told if place)
    return _Shape(tuple(column for column, _ in told), tuple(column for _, column in keys))


def _common(old: _Shape | None, new: _Shape | None) -> tuple[str, ...]:
    if old is None or new is None:
        only = new or old
        return only.columns if only else ()
    return tuple(column for column in new.columns if column in old.columns)


def _key(old: _Shape | None, new: _Shape | None, columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Columns of the key, empty for the rowid; None where the sides have no common key: then whole rows compare."""
    keys = {shape.key for shape in (old, new) if shape is not None}
    if len(keys) != 1:
        return None
    (key,) = keys
    return key if set(key) <= set(columns) else None


def _rows(
    side: Database | None,
    name: str,
    shape: _Shape | None,
    columns: tuple[str, ...],
    key: tuple[str, ...] | None,
    seconds: float,
) -> Iterator[tuple[Row, Row]]:
    """(key, values) of each row. A key that holds NULL is none: then the row is known by all of its values."""
    if side is None or shape is None or not columns:
        return
    rowid = _rowid(shape) if key == () else None
    selected = ", ".join([rowid or "NULL", *map(_quoted, columns)])
    sql = f"SELECT {selected} FROM {_quoted(name)}"  # noqa: S608 - quoted as SQLite quotes
    places = [columns.index(column) for column in key or ()]
    room = ROWS_HELD_BYTES_MAX
    for first, *values in side.query(sql, seconds=seconds):
        row = tuple(map(_held, values))
        room -= sum(map(_bytes_held, row))
        if room < 0:
            raise _TooMuchError
        known: Row = (first,) if rowid else tuple(row[place] for place in places)
        yield row if not known or None in known else known, row


def _rowid(shape: _Shape) -> str | None:
    """The name of the rowid that no column has taken."""
    taken = {column.lower() for column in shape.columns}
    return next((alias for alias in _ROWID if alias not in taken), None)


def _count(side: Database | None, name: str, seconds: float) -> int:
    if side is None or name not in side.tables():
        return 0
    return int(side.rows(f"SELECT count(*) FROM {_quoted(name)}", seconds=seconds)[0][0])  # noqa: S608 - as above


def _held(value: Any) -> Value:
    if isinstance(value, str | bytes) and len(value) > VALUE_HELD_BYTES_MAX:
        raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        kind = "text" if isinstance(value, str) else "blob"
        return LargeValue(kind, len(value), hashlib.sha256(raw).hexdigest())
    held: Value = value
    return held


def _bytes_held(value: Value) -> int:
    return len(value) if isinstance(value, str | bytes) else 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
