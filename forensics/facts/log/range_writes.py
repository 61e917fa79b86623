"""What a stretch of one node's log wrote, as who uses the database knows it: keys of kine, things of the others.

Rebuilds the database before and after the stretch and compares. Of kine no value is read, and names of Secrets lose
their last part; of other databases, values leave where they are known as harmless (docs/reference/secrets.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from forensics.facts.database.kine import COMPACT_KEY, GAP_PREFIX, printable_key
from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.rebuild import Rebuilt, rebuild
from forensics.facts.database.row_change import RowChange
from forensics.facts.database.row_changes import row_changes
from forensics.facts.database.timeline import timeline_of
from forensics.facts.node.node import Node
from forensics.limits import KEYS_SHOWN_MAX, ROW_CHANGES_MAX, SNAPSHOT_REBUILT_BYTES_MAX

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
        rows: what differs in them, as those who run the product know it; at most ROW_CHANGES_MAX.
        rows_total: how many such things there are.
        untold: of the tables, those that nothing in `rows` is about: only heartbeats and the like differ.
        not_compared: tables that are too large to be compared row by row.
        not_told: why it cannot be told, or not all of it; None where it can.
        detail: of UNREADABLE, which database, and what SQLite says of it; else empty.
    """

    keys: tuple[str, ...] = ()
    keys_total: int = 0
    writes: int = 0
    tables: tuple[str, ...] = ()
    rows: tuple[RowChange, ...] = ()
    rows_total: int = 0
    untold: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
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
    rows: list[RowChange] = field(default_factory=list)
    rows_total: int = 0
    untold: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)

    def writes_of(self) -> RangeWrites:
        return RangeWrites(
            tuple(self.keys),
            self.keys_total,
            self.writes,
            tuple(self.tables),
            tuple(self.rows[:ROW_CHANGES_MAX]),
            self.rows_total,
            tuple(self.untold),
            tuple(self.not_compared),
        )


def _compare(before: Rebuilt, after: Rebuilt) -> RangeWrites:
    found, trouble = _Found(), ""
    for name, pages in sorted(after.databases.items()):
        old = before.databases.get(name)
        try:
            with Database(pages) as new_image:
                if old is None:
                    _rows(found, name, None, new_image)
                    continue
                with Database(old) as old_image:
                    if "kine" in new_image.tables():
                        _keys(found, old_image, new_image)
                    _rows(found, name, old_image, new_image)
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


def _rows(found: _Found, database: str, old: Database | None, new: Database) -> None:
    made = row_changes(database, old, new, without=("kine",))
    found.rows += made.changes
    found.rows_total += made.total
    found.tables += [f"{database}.{table}" for table in made.tables if table not in made.not_compared]
    found.untold += [f"{database}.{table}" for table in made.untold if table not in made.not_compared]
    found.not_compared += [f"{database}.{table}" for table in made.not_compared]
