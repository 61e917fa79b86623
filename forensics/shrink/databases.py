"""What the snapshots hold that the findings do not need: databases, then tables, then rows.

SQLite itself takes them out, in the process that it runs in here. A snapshot that cannot be read whole stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from forensics.check.tree import Tree, edited
from forensics.evidence import BytesBlob
from forensics.facts.database.pages import Pages
from forensics.facts.database.replay import Replay
from forensics.ingest.roles import FileRole, role_of
from forensics.layouts.snapshot import DATA_HEADER, DATABASE_HEADER
from forensics.limits import SHRINK_DATABASE_BYTES_MAX, SHRINK_ROWS_MAX, SQL_SECONDS_MAX
from forensics.on_disk import LZ4_MAGIC
from forensics.redact.snapshots import compressed
from forensics.shrink.question import Question
from forensics.shrink.reduce import minimal
from forensics.sqlite.child import child
from forensics.sqlite.fewer_rows import Rows
from forensics.sqlite.query_error import QueryError

_MODES = slice(18, 20)  # of a database's header: 2 and 2 in WAL mode, which an image in memory cannot have

T = TypeVar("T")
Place: TypeAlias = tuple[str, str]  # path of a snapshot, name of a database in it
Kept: TypeAlias = Mapping[Place, Rows | None]  # None: all of it, as it is


@dataclass(frozen=True, slots=True)
class _Database:
    """As a snapshot holds it, its WAL written into it.

    Attributes:
        readable: what SQLite opens.
        modes: what the image had in their place.
        rows: that it has; None where SQLite does not take it.
    """

    readable: bytes
    modes: bytes
    rows: Rows | None

    def image(self, kept: Rows | None) -> bytes:
        """With these rows alone. Raises QueryError."""
        new = self.readable if kept is None else _fewer(self.readable, kept)
        return new[: _MODES.start] + self.modes + new[_MODES.stop :]


def with_fewer_rows(tree: Tree, question: Question) -> Tree:
    """The same files, with what is left of the snapshots."""
    if question.is_over:
        return tree
    held = _held(tree)
    tries = _Tries(tree, held, question)
    places = tries.minimal(list(held), dict.fromkeys)
    sound = [place for place in places if held[place].rows is not None]
    whole: dict[Place, Rows | None] = dict.fromkeys(place for place in places if place not in sound)
    of_sound = [(place, table) for place in sound for table in held[place].rows or ()]
    tables = tries.minimal(of_sound, lambda some: {**whole, **_with_tables(sound, some)})
    rows = [(*one, row) for one in tables for row in _rowids(held, *one) or ()]
    if len(rows) <= SHRINK_ROWS_MAX:
        tries.minimal(rows, lambda some: {**whole, **_with_rows(_with_tables(sound, tables), some, held)})
    return tries.least


class _Tries:
    """Asks about snapshots that hold less and less.

    Attributes:
        least: the files that held last.
    """

    def __init__(self, tree: Tree, held: Mapping[Place, _Database], question: Question) -> None:
        self.least = tree
        self._tree, self._held, self._question = tree, held, question

    def minimal(self, items: Sequence[T], kept: Callable[[Sequence[T]], Kept]) -> list[T]:
        """Items of which none can be taken away alone. `kept`: what of the databases is there with some of them."""
        return minimal(items, lambda some: self._holds(kept(some)), lambda: self._question.is_over)

    def _holds(self, kept: Kept) -> bool:
        tree, held = self._tree, self._held
        try:
            tried = tree | {path: edited(tree[path], _written(path, tree, held, kept)) for path, _ in held}
        except QueryError:
            return False
        if self._question.holds(tried):
            self.least = tried
            return True
        return False


def _held(tree: Tree) -> dict[Place, _Database]:
    paths = [path for path in sorted(tree) if role_of(path.rpartition("/")[2]) is FileRole.SNAPSHOT]
    return {(path, name): one for path in paths for name, one in _databases(tree[path].content).items()}


def _rowids(held: Mapping[Place, _Database], place: Place, table: str) -> list[int] | None:
    return (held[place].rows or {})[table]


def _with_tables(places: Iterable[Place], tables: Iterable[tuple[Place, str]]) -> dict[Place, Rows]:
    kept: dict[Place, Rows] = {place: {} for place in places}
    for place, table in tables:
        kept[place][table] = None
    return kept


def _with_rows(
    tables: dict[Place, Rows], rows: Iterable[tuple[Place, str, int]], held: Mapping[Place, _Database]
) -> dict[Place, Rows]:
    """Of the tables that have rowids, these rows alone."""
    left: dict[tuple[Place, str], list[int]] = defaultdict(list)
    for place, table, row in rows:
        left[place, table].append(row)
    return {
        place: {table: None if _rowids(held, place, table) is None else left[place, table] for table in of_place}
        for place, of_place in tables.items()
    }


def _written(path: str, tree: Tree, held: Mapping[Place, _Database], kept: Kept) -> bytes:
    """The snapshot with these databases, compressed as it was. Raises QueryError."""
    images = [(name, held[path, name].image(rows)) for (where, name), rows in kept.items() if where == path]
    content = DATA_HEADER.build({"format": 1, "databases": len(images)})
    for name, image in sorted(images):
        padded = name.encode() + bytes(8 - len(name.encode()) % 8)
        content += padded + DATABASE_HEADER.build({"main_size": len(image), "wal_size": 0}) + image
    return compressed(content) if tree[path].content.startswith(LZ4_MAGIC) else content


def _databases(snapshot: bytes) -> dict[str, _Database]:
    """Of a snapshot, by name; none where not all of it can be read."""
    replay = Replay()
    try:
        replay.restore(BytesBlob("", snapshot))
        if replay.losses or sum(pages.size for pages in replay.databases.values()) > SHRINK_DATABASE_BYTES_MAX:
            return {}
        return {name: _database(pages) for name, pages in replay.databases.items()}
    finally:
        replay.close()


def _database(pages: Pages) -> _Database:
    stored = b"".join(pages.stored())
    readable = b"".join(pages.chunks())
    try:
        rows: Rows | None = child().ask("rows_of", readable, SQL_SECONDS_MAX, seconds=SQL_SECONDS_MAX)
    except QueryError:
        rows = None
    return _Database(readable, stored[_MODES], rows)


def _fewer(readable: bytes, kept: Rows) -> bytes:
    new: bytes = child().ask("fewer_rows", readable, kept, SQL_SECONDS_MAX, seconds=SQL_SECONDS_MAX)
    return new
