"""What the snapshots hold that the findings do not need: databases, then tables, then rows.

SQLite itself takes them out, in the process that it runs in here. A snapshot that cannot be read whole stays as it is.
"""

from __future__ import annotations

import struct
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
from forensics.parsers.lz4frame import open_stream
from forensics.parsers.snapshot import parse_snapshot_data
from forensics.parsers.sqlite_wal import MAGICS, WAL_HEADER_BYTES
from forensics.redact.snapshots import compressed, wal_sum
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
        wal_head: of the WAL that it had; empty where it had none.
    """

    readable: bytes
    modes: bytes
    rows: Rows | None
    wal_head: bytes

    def images(self, kept: Rows | None) -> tuple[bytes, bytes]:
        """The database and its WAL with these rows alone. Raises QueryError."""
        new = self.readable if kept is None else _fewer(self.readable, kept)
        new = new[: _MODES.start] + self.modes + new[_MODES.stop :]
        return new, _wal(self.wal_head, new) if self.wal_head else b""


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
    images = [(name, held[path, name].images(rows)) for (where, name), rows in kept.items() if where == path]
    content = DATA_HEADER.build({"format": 1, "databases": len(images)})
    for name, (main, wal) in sorted(images):
        padded = name.encode() + bytes(8 - len(name.encode()) % 8)
        content += padded + DATABASE_HEADER.build({"main_size": len(main), "wal_size": len(wal)}) + main + wal
    return compressed(content) if tree[path].content.startswith(LZ4_MAGIC) else content


def _wal(head: bytes, image: bytes) -> bytes:
    """A WAL of one transaction, which writes page 1 once more (sqlite.org/fileformat2.html, "The WAL File Format")."""
    size = int.from_bytes(head[8:12], "big")
    frame = struct.pack(">2I", 1, len(image) // size)
    sums = wal_sum(frame + image[:size], struct.unpack(">2I", head[24:]), ">" if head[3] & 1 else "<")
    return head + frame + head[16:24] + struct.pack(">2I", *sums) + image[:size]


def _databases(snapshot: bytes) -> dict[str, _Database]:
    """Of a snapshot, by name; none where not all of it can be read."""
    replay = Replay()
    content = BytesBlob("", b"".join(open_stream(BytesBlob("", snapshot)).pieces(1 << 62)))
    parsed = parse_snapshot_data(content).value
    heads = {one.name: content.read(one.wal_offset, WAL_HEADER_BYTES) for one in (parsed.databases if parsed else ())}
    try:
        replay.restore(content)
        if replay.losses or sum(pages.size for pages in replay.databases.values()) > SHRINK_DATABASE_BYTES_MAX:
            return {}
        return {name: _database(pages, heads.get(name, b"")) for name, pages in replay.databases.items()}
    finally:
        replay.close()


def _database(pages: Pages, wal_head: bytes) -> _Database:
    stored = b"".join(pages.stored())
    readable = b"".join(pages.chunks())
    try:
        rows: Rows | None = child().ask("rows_of", readable, SQL_SECONDS_MAX, seconds=SQL_SECONDS_MAX)
    except QueryError:
        rows = None
    is_head = int.from_bytes(wal_head[:4], "big") in MAGICS and wal_head[8:12] == pages.page_size.to_bytes(4, "big")
    return _Database(readable, stored[_MODES], rows, wal_head if is_head else b"")


def _fewer(readable: bytes, kept: Rows) -> bytes:
    new: bytes = child().ask("fewer_rows", readable, kept, SQL_SECONDS_MAX, seconds=SQL_SECONDS_MAX)
    return new
