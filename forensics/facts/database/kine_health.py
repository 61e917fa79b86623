"""The health of a kine table: what Kubernetes' data looks like from the rows alone.

Sources: docs/reference/k8s-dqlite.md#the-kine-table, docs/reference/k8s-dqlite.md#what-rows-mean.

Values are never read, only measured. Names of Secrets lose their last part before they get anywhere.
Source of the semantics: canonical/k8s-dqlite pkg/kine; k3s-io/kine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from forensics.facts.database.kine_oddity import Oddity, OddRow
from forensics.facts.database.largest import Largest
from forensics.facts.database.open import Database, QueryError
from forensics.ingest.paths import printable
from forensics.limits import KEY_CHARS_SHOWN, KINE_KEYS_SHOWN, KINE_ROWS_SORTED_MAX, KINE_SAMPLES_MAX, KINE_SECONDS_MAX

COMPACT_KEY = "compact_rev_key"
_GAP_PREFIX = "gap-"  # fillers of k8s-dqlite up to 1.5, removed by a later compaction
_COLUMNS = frozenset(
    {"id", "name", "created", "deleted", "create_revision", "prev_revision", "lease", "value", "old_value"}
)
_SCHEMAS_WITHOUT_OLD_TOMBSTONES = (1, 65536)  # upstream kine keeps the value in a tombstone; k8s-dqlite does not


class Row(NamedTuple):
    """A row without its values."""

    name: str
    id: int
    created: int
    deleted: int
    create_revision: int
    prev_revision: int
    lease: int
    value_bytes: int | None
    old_value_bytes: int | None


@dataclass(slots=True)
class Prefix:
    """All keys below one `/registry/<resource>`.

    Attributes:
        rows, live: rows, and keys that exist.
        live_bytes: of the values that count.
        bytes: of all values and old values.
    """

    prefix: str
    rows: int = 0
    live: int = 0
    live_bytes: int = 0
    bytes: int = 0


class KeySize(NamedTuple):
    """A key, fit to be shown, and a number: bytes, or revisions."""

    key: str
    revision: int
    size: int


@dataclass(slots=True)
class Suspects:
    """Rows that should not be as they are: how many, and the first of them."""

    count: int = 0
    samples: list[OddRow] = field(default_factory=list)

    def add(self, what: OddRow) -> None:
        """One more."""
        self.count += 1
        if len(self.samples) < KINE_SAMPLES_MAX:
            self.samples.append(what)


@dataclass(slots=True)
class Kine:
    """A kine table.

    Attributes:
        rows, live, leased: rows; keys that exist; those of them with a lease.
        first_revision, last_revision: smallest and largest id; 0 for an empty table.
        sequence: what AUTOINCREMENT gave last; None where there is no such row.
        user_version: of the schema: 0 upstream or old, 1 is 0.1, 65536 is 1.0.
        foreign: keys were written again and again, and every row claims to create its key: not kine's writing.
        compact_rows: (revision, compact revision) of each row of the compact key; one in health.
        prefixes: largest first. largest: values by size. busiest: keys by revisions kept.
        gaps: (first, last) of revisions behind the compact one that have no row.
        uncompacted: rows that the compaction up to the compact revision should have removed.
        chain: rows that do not continue the row of their key before them.
        damaged: rows whose flags and values contradict each other.
        indexes: (name, unique, columns) of its indexes.
    """

    rows: int = 0
    live: int = 0
    leased: int = 0
    first_revision: int = 0
    last_revision: int = 0
    sequence: int | None = None
    user_version: int = 0
    foreign: bool = False
    compact_rows: tuple[tuple[int, int], ...] = ()
    prefixes: tuple[Prefix, ...] = ()
    largest: tuple[KeySize, ...] = ()
    busiest: tuple[KeySize, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    uncompacted: Suspects = field(default_factory=Suspects)
    chain: Suspects = field(default_factory=Suspects)
    damaged: Suspects = field(default_factory=Suspects)
    indexes: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()

    @property
    def compact_revision(self) -> int | None:
        """Up to where history was removed; None before the first compaction row."""
        return max((revision for _, revision in self.compact_rows), default=None)


def is_kine(database: Database) -> bool:
    """It has a real table `kine` with kine's columns."""
    if "kine" not in database.tables():
        return False
    return {str(row[1]) for row in database.rows("PRAGMA table_info(kine)")} >= _COLUMNS


def read_kine(database: Database) -> Kine:
    """Measure the table. Raises QueryError where the image does not allow it, or it takes too long."""
    kine = Kine()
    ((kine.rows, first, last),) = database.rows("SELECT count(*), min(id), max(id) FROM kine")
    kine.first_revision, kine.last_revision = first or 0, last or 0
    ((kine.user_version,),) = database.rows("PRAGMA user_version")
    if "sqlite_sequence" in _names(database):
        found = database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'kine'")
        kine.sequence = _whole(found[0][0]) if found else None
    compact = database.rows("SELECT id, prev_revision FROM kine WHERE name = ? ORDER BY id LIMIT 100", (COMPACT_KEY,))
    kine.compact_rows = tuple((_whole(row), _whole(revision)) for row, revision in compact)
    kine.indexes = tuple(_indexes(database))
    kine.gaps = tuple(_gaps(database, max(kine.compact_revision or 0, kine.first_revision - 1)))
    _read_rows(database, kine)
    return kine


def printable_key(name: str) -> str:
    """A key's name, fit to be shown: that of a Secret without its last part (docs/reference/secrets.md)."""
    parts = name.split("/")
    if "secrets" in parts[:-1]:
        parts[-1] = "…"
    return printable("/".join(parts)[:KEY_CHARS_SHOWN])


def prefix_of(name: str) -> str:
    """`/registry/pods` of `/registry/pods/default/x`; the name itself where it has no such shape."""
    parts = name.split("/", 3)
    return printable(("/".join(parts[:3]) if len(parts) > 3 else name)[:KEY_CHARS_SHOWN])


def _read_rows(database: Database, kine: Kine) -> None:
    prefixes: dict[str, Prefix] = {}
    busiest: Largest[tuple[str, int]] = Largest(KINE_KEYS_SHOWN)
    largest: Largest[tuple[str, int]] = Largest(KINE_KEYS_SHOWN)
    keys = creates = 0
    for name, group in groupby(_rows(database, kine), key=lambda row: row.name):
        rows = sorted(group, key=lambda row: row.id)
        prefix = prefix_of(name)
        _measure(kine, prefixes.setdefault(prefix, Prefix(prefix)), rows)
        _judge(kine, rows)
        keys += 1
        creates += sum(row.created for row in rows)
        busiest.push(len(rows), (name, rows[-1].id))
        biggest = max(rows, key=lambda row: row.value_bytes or 0)
        largest.push(biggest.value_bytes or 0, (name, biggest.id))
    kine.prefixes = tuple(sorted(prefixes.values(), key=lambda prefix: (-prefix.bytes, prefix.prefix)))
    kine.foreign = creates == kine.rows > keys
    kine.busiest, kine.largest = _shown(busiest), _shown(largest)


def _shown(keys: Largest[tuple[str, int]]) -> tuple[KeySize, ...]:
    return tuple(KeySize(printable_key(name), revision, size) for size, (name, revision) in keys.found())


def _rows(database: Database, kine: Kine) -> Iterator[Row]:
    """All rows, those of one key together: along an index, so that nothing is sorted in memory, where there is one."""
    index = next((name for name, _, columns in kine.indexes if columns[:2] == ("name", "id")), None)
    if index is None and kine.rows > KINE_ROWS_SORTED_MAX:
        raise QueryError(f"{kine.rows} rows without an index on name: not sorted here")
    hint = "" if index is None else 'INDEXED BY "' + index.replace('"', '""') + '"'
    query = (
        "SELECT name, id, created, deleted, create_revision, prev_revision, lease, length(value), length(old_value) "  # noqa: S608 - a quoted identifier
        f"FROM kine {hint} ORDER BY name"
    )
    for name, *numbers, value, old_value in database.query(query, seconds=KINE_SECONDS_MAX):
        row_id, created, deleted, create_revision, prev_revision, lease = map(_whole, numbers)
        yield Row(str(name), row_id, created, deleted, create_revision, prev_revision, lease, value, old_value)


def _measure(kine: Kine, prefix: Prefix, rows: list[Row]) -> None:
    last = rows[-1]
    prefix.rows += len(rows)
    prefix.bytes += sum((row.value_bytes or 0) + (row.old_value_bytes or 0) for row in rows)
    if not last.deleted and last.name != COMPACT_KEY:
        prefix.live += 1
        prefix.live_bytes += last.value_bytes or 0
        kine.live += 1
        kine.leased += last.lease != 0


def _judge(kine: Kine, rows: list[Row]) -> None:
    """Count what the rows of one key, all of them, break of docs/reference/k8s-dqlite.md#checks-in-sql."""
    if rows[0].name == COMPACT_KEY or rows[0].name.startswith(_GAP_PREFIX):
        return
    compact, key = kine.compact_revision or 0, printable_key(rows[0].name)
    for row in rows:
        for oddity, other in _contradictions(row, kine.user_version):
            kine.damaged.add(OddRow(oddity, row.id, key, other))
        if row.deleted and row.id <= compact:
            kine.uncompacted.add(OddRow(Oddity.OLD_TOMBSTONE, row.id, key))
    if rows[0].prev_revision > compact and not rows[0].created:
        kine.chain.add(OddRow(Oddity.PREDECESSOR_GONE, rows[0].id, key, rows[0].prev_revision))
    for before, row in pairwise(rows):
        if row.id <= compact:
            kine.uncompacted.add(OddRow(Oddity.SUPERSEDED, before.id, key, row.id))
        elif broken := _broken(before, row, key):
            kine.chain.add(broken)


def _broken(before: Row, row: Row, key: str) -> OddRow | None:
    """Where a row does not continue the one of its key before it."""
    if row.created:
        return None if before.deleted else OddRow(Oddity.CREATES_AGAIN, row.id, key, before.id)
    if row.prev_revision == before.id:
        return None
    return OddRow(Oddity.WRONG_PREDECESSOR, row.id, key, row.prev_revision, before.id)


def _contradictions(row: Row, user_version: int) -> Iterator[tuple[Oddity, int | None]]:
    if row.created and row.deleted:
        yield Oddity.CREATED_AND_DELETED, None
    if row.create_revision > row.id:
        yield Oddity.CREATED_LATER, row.create_revision
    if not row.deleted and row.value_bytes is None:
        yield Oddity.NO_VALUE, None
    if row.deleted and row.value_bytes is not None and user_version in _SCHEMAS_WITHOUT_OLD_TOMBSTONES:
        yield Oddity.DELETED_WITH_VALUE, None


def _gaps(database: Database, behind: int) -> Iterable[tuple[int, int]]:
    """Ranges of ids above `behind` that no row has."""
    found = database.rows(
        "SELECT before + 1, id - 1 FROM (SELECT id, lag(id, 1, ?) OVER (ORDER BY id) AS before FROM kine WHERE id > ?) "
        "WHERE id > before + 1 LIMIT ?",
        (behind, behind, KINE_SAMPLES_MAX),
        KINE_SECONDS_MAX,
    )
    return [(int(first), int(last)) for first, last in found]


def _indexes(database: Database) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    for _, name, unique, *_ in database.rows("PRAGMA index_list(kine)"):
        columns = database.rows("SELECT name FROM pragma_index_info(?)", (name,))
        yield str(name), bool(unique), tuple(str(column) for (column,) in columns)


def _names(database: Database) -> set[str]:
    return {str(name) for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _whole(value: Any) -> int:
    """A number as SQLite stores it; 0 for what is none."""
    return value if isinstance(value, int) else 0
