"""The health of a kine table: what Kubernetes' data looks like from the rows alone.

Sources: docs/reference/k8s-dqlite.md#the-kine-table, docs/reference/k8s-dqlite.md#what-rows-mean.

Values are never read, only measured. Names of Secrets lose their last part before they get anywhere.
Source of the semantics: canonical/k8s-dqlite pkg/kine; k3s-io/kine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from forensics.facts.database.kine import COMPACT_KEY, Index, KeySize, Kine, newest_compact, printable_key
from forensics.facts.database.kine_tally import KineTally, Row
from forensics.facts.database.largest import Largest
from forensics.facts.database.open import Database, QueryError
from forensics.limits import KINE_ROWS_SORTED_MAX, KINE_SAMPLES_MAX, KINE_SECONDS_MAX

_NUMBERS = ("id", "created", "deleted", "create_revision", "prev_revision", "lease")
_COLUMNS = frozenset({"name", *_NUMBERS, "value", "old_value"})


def is_kine(database: Database) -> bool:
    """It has a real table `kine` with kine's columns."""
    if "kine" not in database.tables():
        return False
    return {str(row[1]) for row in database.rows("PRAGMA table_info(kine)")} >= _COLUMNS


def read_kine(database: Database) -> Kine:
    """Measure the table. Raises QueryError where the image does not allow it, or it takes too long."""
    ((count, first, last),) = database.rows("SELECT count(*), min(id), max(id) FROM kine")
    ((user_version,),) = database.rows("PRAGMA user_version")
    compact = database.rows("SELECT id, prev_revision FROM kine WHERE name = ? ORDER BY id LIMIT 100", (COMPACT_KEY,))
    compact_rows = tuple((_whole(row), _whole(revision)) for row, revision in compact)
    compacted = newest_compact(compact_rows) or 0
    indexes = tuple(_indexes(database))
    tally = KineTally(compacted, user_version)
    for _, group in groupby(_rows(database, count, indexes), key=itemgetter(0)):
        tally.add(sorted(group, key=itemgetter(1)))
    return Kine(
        rows=count,
        live=tally.live,
        leased=tally.leased,
        first_revision=first or 0,
        last_revision=last or 0,
        sequence=_sequence(database),
        user_version=user_version,
        foreign=tally.creates == count > tally.keys,
        compact_rows=compact_rows,
        prefixes=tally.prefixes(),
        largest=_shown(tally.largest),
        busiest=_shown(tally.busiest),
        gaps=tuple(_gaps(database, max(compacted, (first or 0) - 1))),
        uncompacted=tally.uncompacted.settled(),
        chain=tally.chain.settled(),
        damaged=tally.damaged.settled(),
        indexes=indexes,
    )


def _sequence(database: Database) -> int | None:
    if "sqlite_sequence" not in _names(database):
        return None
    found = database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'kine'")
    return _whole(found[0][0]) if found else None


def _shown(keys: Largest[tuple[str, int]]) -> tuple[KeySize, ...]:
    return tuple(KeySize(printable_key(name), revision, size) for size, (name, revision) in keys.found())


def _rows(database: Database, count: int, indexes: Iterable[Index]) -> Iterator[Row]:
    """All rows, those of one key together: along an index, so that nothing is sorted in memory, where there is one."""
    index = next((name for name, _, columns in indexes if columns[:2] == ("name", "id")), None)
    if index is None and count > KINE_ROWS_SORTED_MAX:
        raise QueryError(f"{count} rows without an index on name: not sorted here")
    hint = "" if index is None else 'INDEXED BY "' + index.replace('"', '""') + '"'
    numbers = ", ".join(f"CASE typeof({column}) WHEN 'integer' THEN {column} ELSE 0 END" for column in _NUMBERS)
    query = (
        f"SELECT coalesce(CAST(name AS TEXT), ''), {numbers}, length(value), length(old_value) "  # noqa: S608 - a quoted identifier
        f"FROM kine {hint} ORDER BY name"
    )
    return map(Row._make, database.query(query, seconds=KINE_SECONDS_MAX))


def _gaps(database: Database, behind: int) -> Iterable[tuple[int, int]]:
    """Ranges of ids above `behind` that no row has."""
    found = database.rows(
        "SELECT before + 1, id - 1 FROM (SELECT id, lag(id, 1, ?) OVER (ORDER BY id) AS before FROM kine WHERE id > ?) "
        "WHERE id > before + 1 LIMIT ?",
        (behind, behind, KINE_SAMPLES_MAX),
        KINE_SECONDS_MAX,
    )
    return [(int(first), int(last)) for first, last in found]


def _indexes(database: Database) -> Iterator[Index]:
    for _, name, unique, *_ in database.rows("PRAGMA index_list(kine)"):
        columns = database.rows("SELECT name FROM pragma_index_info(?)", (name,))
        yield str(name), bool(unique), tuple(str(column) for (column,) in columns)


def _names(database: Database) -> set[str]:
    return {str(name) for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _whole(value: Any) -> int:
    """A number as SQLite stores it; 0 for what is none."""
    return value if isinstance(value, int) else 0
