"""What a stretch of one node's log wrote, as who uses the database knows it: keys of kine, tables of the others.

Rebuilds the database before and after the stretch and compares. Values are never read; names of Secrets lose their
last part (docs/reference/secrets.md#what-is-secret).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import Enum

from forensics.facts.database.kine import COMPACT_KEY, GAP_PREFIX, printable_key
from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.rebuild import Rebuilt, rebuild
from forensics.facts.database.timeline import timeline_of
from forensics.facts.node.node import Node
from forensics.ingest.paths import printable
from forensics.limits import KEYS_SHOWN_MAX, SNAPSHOT_REBUILT_BYTES_MAX, TABLE_ROWS_COMPARED_MAX

_KINE = "SELECT name, deleted FROM kine WHERE id > ? AND name NOT LIKE ? AND name <> ? ORDER BY id"


class NotTold(Enum):
    """Why it cannot be told what a stretch wrote."""

    NOTHING_BEFORE = "nothing-before"  # there is nothing before entry 1 to compare with
    LARGE = "large"  # rebuilding it twice takes too long for a report; `plan` and `diff` do
    NO_DATABASE_BEFORE = "no-database-before"  # it cannot be rebuilt right before the stretch
    NO_DATABASE_BEHIND = "no-database-behind"  # nor at its end
    UNREADABLE = "unreadable"  # SQLite refuses it: `detail`


@dataclass(frozen=True, slots=True)
class RangeWrites:
    """What is different behind a stretch.

    Attributes:
        keys: kine keys written in it, each once, in the order of their last write; at most KEYS_SHOWN_MAX.
        keys_total: how many keys there are.
        writes: rows that kine got: one a create, update or delete.
        tables: other tables whose content differs, as `database.table`.
        not_told: why it cannot be told, or not all of it; None where it can.
        detail: of UNREADABLE, which database, and what SQLite says of it; else empty.
    """

    keys: tuple[str, ...] = ()
    keys_total: int = 0
    writes: int = 0
    tables: tuple[str, ...] = ()
    not_told: NotTold | None = None
    detail: str = ""


def range_writes(node: Node, first: int, last: int | None = None, *, deep: bool = False) -> RangeWrites:
    """What entries `first` to `last` (default: the end) of a node's log changed.

    Args:
        node: whose log.
        first: the first index.
        last: the last one; None for the end of the log.
        deep: also where the database is so large that rebuilding it twice takes longer than everything else.
    """
    if first < 2:
        return RangeWrites(not_told=NotTold.NOTHING_BEFORE)
    if not deep and any(s.data_file and s.data_file.size_max > SNAPSHOT_REBUILT_BYTES_MAX for s in node.snapshots):
        return RangeWrites(not_told=NotTold.LARGE)
    timeline = timeline_of(node.state)
    before = rebuild(timeline, first - 1)
    if before is None:
        return RangeWrites(not_told=NotTold.NO_DATABASE_BEFORE)
    with before:
        after = rebuild(timeline, last)
        if after is None:
            return RangeWrites(not_told=NotTold.NO_DATABASE_BEHIND)
        with after:
            return _compare(before, after)


@dataclass(slots=True)
class _Found:
    """RangeWrites in the making."""

    keys: list[str] = field(default_factory=list)
    keys_total: int = 0
    writes: int = 0
    tables: list[str] = field(default_factory=list)

    def writes_of(self) -> RangeWrites:
        return RangeWrites(tuple(self.keys), self.keys_total, self.writes, tuple(self.tables))


def _compare(before: Rebuilt, after: Rebuilt) -> RangeWrites:
    found, trouble = _Found(), ""
    for name, pages in sorted(after.databases.items()):
        old = before.databases.get(name)
        try:
            with Database(pages) as new_image:
                if old is None:
                    _tables(found, name, {}, _digests(new_image))
                    continue
                with Database(old) as old_image:
                    if "kine" in new_image.tables():
                        _keys(found, old_image, new_image)
                    _tables(found, name, _digests(old_image), _digests(new_image))
        except QueryError as error:
            trouble = f"{name}: {error}"
    told = found.writes_of()
    return replace(told, not_told=NotTold.UNREADABLE, detail=trouble) if trouble else told


def _keys(found: _Found, old: Database, new: Database) -> None:
    """Revisions are row ids: what lies above the old maximum was written since."""
    top = old.rows("SELECT coalesce(max(id), 0) FROM kine")[0][0] if "kine" in old.tables() else 0
    keys: dict[str, None] = {}
    for name, _ in new.query(_KINE, (top, f"{GAP_PREFIX}%", COMPACT_KEY)):
        found.writes += 1
        keys.pop(name, None)
        keys[name] = None
    found.keys_total += len(keys)
    found.keys += [printable_key(str(name)) for name in list(keys)[-KEYS_SHOWN_MAX:]]


def _digests(image: Database) -> dict[str, str]:
    """A digest of each table but kine, by name; of large ones their size alone."""
    digests = {}
    for table in sorted(image.tables() - {"kine"}):
        quoted = '"' + table.replace('"', '""') + '"'
        count = image.rows(f"SELECT count(*) FROM {quoted}")[0][0]  # noqa: S608 - quoted as SQLite quotes
        digest = hashlib.sha256(str(count).encode())
        if count <= TABLE_ROWS_COMPARED_MAX:
            for row in image.query(f"SELECT * FROM {quoted}"):  # noqa: S608 - as above
                digest.update(repr(row).encode())
        digests[table] = digest.hexdigest()
    return digests


def _tables(found: _Found, database: str, old: dict[str, str], new: dict[str, str]) -> None:
    changed = [table for table in sorted({*old, *new}) if old.get(table) != new.get(table)]
    found.tables += [f"{database}.{printable(table)}" for table in changed]
