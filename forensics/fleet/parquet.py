"""The tables as Parquet: parts, one list of those that count, and compaction.

`tables/vN/parts.json` lists the parts of every table. It is replaced as a whole, so that all tables change at once;
a part that it does not list is not there.
"""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as papq

from forensics.errors import InputError
from forensics.fleet.model import Failure, Outcome, Rows
from forensics.fleet.store import Store
from forensics.fleet.tables import COLUMNS, OF_REPORTS, SCHEMA_VERSION
from forensics.ingest.paths import printable
from forensics.limits import MIB

FOLDER: Final = ("tables", f"v{SCHEMA_VERSION}")
_LIST: Final = (*FOLDER, "parts.json")
_SMALL_BYTES: Final = 64 * MIB  # a part of this size is not merged any more
_SMALL_PARTS_MAX: Final = 16  # of one table, until they are merged

_TYPES: Final = {
    "string": pa.string(),
    "strings": pa.list_(pa.string()),
    "int64": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
}
SCHEMAS: Final = {
    table: pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()]) for table, columns in COLUMNS.items()
}


class Part(msgspec.Struct, frozen=True):
    """One file of a table: its name, rows, bytes."""

    name: str
    rows: int
    size: int


Parts = dict[str, list[Part]]


def parts_of(store: Store) -> Parts:
    """The parts that count, by table. Raises InputError where their list is damaged."""
    found = store.decoded(Parts, *_LIST) or {}
    return {table: found.get(table, []) for table in COLUMNS}


def dataset(store: Store, table: str) -> Any:
    """A table, to be read piece by piece. Raises InputError where a part of it is gone or cut off."""
    listed = parts_of(store)[table]
    names = [store.path(*FOLDER, table, part.name) for part in listed]
    for part, found in zip(listed, store.files.get_file_info(names), strict=True):
        if found.size != part.size:
            raise _damaged(store, table, part)
    if not names:
        return SCHEMAS[table].empty_table()
    return pads.dataset(names, schema=SCHEMAS[table], filesystem=store.files, format="parquet")


def column_rows(store: Store, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Some columns of a table, row by row; of all that was ever written."""
    for part in parts_of(store)[table]:
        for batch in _read(store, table, part).select(columns).to_batches():
            yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)


def rows_by_table(outcomes: Iterable[Outcome], variant: str, known: set[str]) -> Rows:
    """What finished cases add to the tables. `known`: keys whose rows are there; new ones are added to it."""
    found: Rows = {table: [] for table in COLUMNS}
    for outcome in outcomes:
        made = outcome.rows
        key = outcome.key or None
        told = made.get("cases", [{}])[0]
        found["cases"].append(_case_row(outcome, variant) | told)
        found["failures"] += [
            _failure_row(outcome, number, failure) for number, failure in enumerate(outcome.failures, 1)
        ]
        if made and outcome.key not in known:
            known.add(outcome.key)
            for table in OF_REPORTS:
                found[table] += [{"key": key} | row for row in made[table]]
    return found


def _case_row(outcome: Outcome, variant: str) -> dict[str, Any]:
    return {
        "name": outcome.case.name,
        "key": outcome.key or None,
        "state": outcome.state.value,
        "bytes": outcome.case.size,
        "paths": list(map(printable, outcome.case.paths)),
        "stamp": outcome.case.stamp,
        "variant": variant,
        "tries": len(outcome.failures) + bool(outcome.rows),
        "reused": outcome.reused,
        "cpu": outcome.cpu,
        "seconds": outcome.seconds,
        "peak": outcome.peak,
        "finished": _moment(outcome.finished),
    }


def _failure_row(outcome: Outcome, number: int, failure: Failure) -> dict[str, Any]:
    return {
        "name": outcome.case.name,
        "key": outcome.key or None,
        "state": failure.state.value,
        "try": number,
        "reason": failure.reason,
        "finished": _moment(outcome.finished),
    }


def _moment(seconds: float) -> int:
    return int(seconds * 1_000_000)


def commit(store: Store, rows: Rows) -> None:
    """Add rows to the tables, all at once. Raises OSError, and nothing is changed then."""
    new = {table: _write(store, table, _table(table, held)) for table, held in rows.items() if held}
    with store.locked():
        parts = parts_of(store)
        for table, part in new.items():
            parts[table].append(part)
        _list(store, parts)


def compact(store: Store, *, whole: bool = False) -> None:
    """Merge small parts where there are many; `whole`: where there are two. Then remove what is not listed."""
    with store.locked():
        parts = parts_of(store)
        for table, listed in parts.items():
            small = [part for part in listed if part.size < _SMALL_BYTES]
            if len(small) > (1 if whole else _SMALL_PARTS_MAX):
                merged = pa.concat_tables(_read(store, table, part) for part in small)
                parts[table] = [part for part in listed if part not in small] + [_write(store, table, merged)]
        _list(store, parts)
        _sweep(store, parts)


def _sweep(store: Store, parts: Parts) -> None:
    """Old parts, and those of a run that was killed; another run's, which it may list soon, are left for an hour."""
    for table, listed in parts.items():
        counting = {part.name for part in listed}
        for name in store.names(*FOLDER, table):
            if name not in counting and _written(name) < time.time() - _ORPHAN_SECONDS:
                store.delete(*FOLDER, table, name)


_ORPHAN_SECONDS: Final = 3600


def _written(name: str) -> float:
    """When a part was begun, by its name."""
    return int(name.partition("-")[0], 16) / 1000


def _write(store: Store, table: str, content: Any) -> Part:
    out = io.BytesIO()
    papq.write_table(content, out, compression="zstd")
    name = f"{int(time.time() * 1000):012x}-{uuid.uuid4().hex[:8]}.parquet"
    store.put(out.getvalue(), *FOLDER, table, name)
    return Part(name, content.num_rows, out.tell())


def _read(store: Store, table: str, part: Part) -> Any:
    """Raises InputError where it is gone or damaged."""
    path = store.path(*FOLDER, table, part.name)
    try:
        return papq.read_table(path, schema=SCHEMAS[table], filesystem=store.files)
    except (FileNotFoundError, pa.ArrowException) as error:
        raise _damaged(store, table, part) from error


def _damaged(store: Store, table: str, part: Part) -> InputError:
    file = "/".join((*FOLDER, table, part.name))
    return InputError(
        store.url, f"{file} is gone or damaged: remove {FOLDER[0]}/, and `fleet run` makes it again from the reports"
    )


def _table(table: str, rows: list[dict[str, Any]]) -> Any:
    return pa.Table.from_pylist(rows, schema=SCHEMAS[table])


def _list(store: Store, parts: Parts) -> None:
    store.put(msgspec.json.encode(parts), *_LIST)
