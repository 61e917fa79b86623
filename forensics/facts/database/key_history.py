"""Every change of one kine key, transaction by transaction, from the pages that the log wrote.

The table's b-tree is followed without SQLite: a row that is in the leaves behind a transaction and was not before came
with it. Splits and merges move rows, and so cancel out. Source: docs/reference/commands.md#rebuilding-a-database;
docs/reference/k8s-dqlite.md#what-rows-mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from forensics.facts.database.kine import COMPACT_KEY
from forensics.facts.database.pages import Pages
from forensics.facts.database.replay import Replay, Transaction
from forensics.facts.database.table_tree import TableTree, leaves_of
from forensics.facts.database.timeline import SnapshotFile, Timeline
from forensics.limits import GUESSABLE_CHARS_MAX
from forensics.parsers.kube_object import KubeObject, parse_kube_object
from forensics.parsers.sqlite_page import Cell, cells, payload, record

_COOKIE = slice(40, 44)  # of page 1: changes with the schema
_COLUMNS = 9


class Operation(Enum):
    """What happened to the key. Values are the words of the output."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    REWRITE = "rewrite"  # a row changed in place: compact_rev_key, or somebody's hand
    REMOVE = "remove"  # the key's only valid row went away without a tombstone
    COMPACT = "compact"  # a row that was superseded, or a tombstone, went away


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        index: of the raft entry; None for a row that was there already in the snapshot that the history begins with.
        term: of the entry, or of that snapshot.
        revision: the row's id. size: bytes of the value; None for NULL. digest: its SHA-256, the first 16 hex
            digits; None of a value so short that it could be guessed.
        content: what the value says of itself; None for Secrets, and where it says nothing.
    """

    index: int | None
    term: int
    operation: Operation
    revision: int
    create_revision: int
    prev_revision: int
    lease: int
    size: int | None = None
    digest: str | None = None
    content: KubeObject | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a history begins: behind a snapshot, or at index 1."""

    snapshot: SnapshotFile | None
    replay: Replay


def begin(timeline: Timeline, database: str) -> Beginning | None:
    """The oldest state from which the log leads on to the end without a gap; None where there is none."""
    runs = timeline.runs()
    last = max((run.last for run in runs), default=0)
    starts = {run.first for run in runs if run.last == last}
    if 1 in starts:
        return Beginning(None, Replay(database))
    for found in sorted(timeline.snapshots, key=lambda found: found.name.index):
        if starts and not (min(starts) <= found.name.index + 1 <= last + 1):
            continue
        replay = Replay(database)
        if found.file.blob is not None:
            replay.restore(found.file.blob)
        if not replay.losses and found.file.blob is not None:
            return Beginning(found, replay)
        replay.close()
    return None


def changes(timeline: Timeline, beginning: Beginning, database: str, key: str) -> Iterator[Change]:
    """All changes of `key` from there on, in order. The caller closes the beginning's replay."""
    replay, start = beginning.replay, beginning.snapshot
    follower = _Follower(key)
    if database in replay.databases:
        follower.adopt(replay.databases[database])
        yield from follower.rows_at(None, start.name.term if start else 0)
    for entry in timeline.entries((start.name.index if start else 0) + 1):
        transaction = replay.apply(entry)
        if transaction is not None and transaction.database == database:
            follower.before(replay.databases.get(database), transaction)
            pages = replay.write(transaction)
            if pages is not None:
                yield from follower.after(pages, entry.index, entry.term)


@dataclass(slots=True)
class _Follower:
    """The table's b-tree, and the rows of one key in it."""

    key: str
    tree: TableTree = field(default_factory=TableTree)
    cookie: bytes = b""
    rows: dict[int, bool] = field(default_factory=dict)  # revision → it is a tombstone
    _touched: set[int] = field(default_factory=set)
    _old: dict[int, Cell] = field(default_factory=dict)
    _cut: bool = False
    _pages: Pages | None = None

    def adopt(self, pages: Pages) -> None:
        """Take the state of a snapshot."""
        self._pages = pages
        self._walk(pages)

    def rows_at(self, index: int | None, term: int) -> Iterator[Change]:
        """The rows of the key that are there."""
        pages = self._pages
        if pages is None:
            return
        found: dict[int, Cell] = {}
        for leaf in self.tree.leaves:
            found |= {rowid: cell for rowid, cell in cells(pages.read(leaf), leaf).items() if self._is_mine(cell)}
        for rowid in sorted(found):
            yield self._change(pages, found[rowid], index, term)

    def before(self, pages: Pages | None, transaction: Transaction) -> None:
        """Remember the leaves that the transaction is about to write over, or to cut off."""
        self._touched = {page for part in transaction.stretches for page in range(part.first, part.first + part.count)}
        self._old, self._cut = {}, False
        if pages is not None:
            lost = self.tree.leaves & self._touched
            if transaction.size is not None and transaction.size < pages.count:
                self._cut = True
                lost |= {leaf for leaf in self.tree.leaves if leaf > transaction.size}
            for leaf in lost:
                self._old |= cells(pages.read(leaf), leaf)

    def after(self, pages: Pages, index: int, term: int) -> Iterator[Change]:
        """What the transaction did to the key's rows."""
        self._pages = pages
        gone, come = self._reshaped(pages)
        old, new = self._old, dict[int, Cell]()
        for leaf in gone - self._touched:
            old |= cells(pages.read(leaf), leaf)  # nothing where it was cut off
        for leaf in (self.tree.leaves & self._touched) | come:
            new |= cells(pages.read(leaf), leaf)
        for rowid in sorted(new):
            if not _same(old.get(rowid), new[rowid]) and self._is_mine(new[rowid]):
                yield self._change(pages, new[rowid], index, term)
        for rowid in sorted(old.keys() - new.keys()):
            if rowid in self.rows:
                yield self._removal(rowid, index, term)

    def _reshaped(self, pages: Pages) -> tuple[set[int], set[int]]:
        """Follow the tree; leaves that are no longer of it, and those that are from now on."""
        schema = 1 in self._touched and pages.read(1)[_COOKIE] != self.cookie
        if not schema and self.tree.root and not self.tree.is_inner(self._touched):
            return set(), set()
        if not schema and self.tree.root and not self._cut:
            return self.tree.follow(pages, self._touched)
        known = self.tree.leaves
        self._walk(pages)
        return known - self.tree.leaves, self.tree.leaves - known

    def _walk(self, pages: Pages) -> None:
        """Find the table and all of its pages anew."""
        self.cookie = pages.read(1)[_COOKIE]
        self.tree.walk(pages, self._find_root(pages))

    @staticmethod
    def _find_root(pages: Pages) -> int:
        """From the schema table: (type, name, tbl_name, rootpage, sql)."""
        for leaf in leaves_of(pages, 1):
            for cell in cells(pages.read(leaf), leaf).values():
                values = record(payload(cell, pages.read, pages.page_size), 4)
                if values[:2] == ["table", "kine"] and len(values) == 4 and isinstance(values[3], int):
                    return values[3]
        return 0

    def _is_mine(self, cell: Cell) -> bool:
        """The name is the second column, and near enough to the front to lie in the leaf."""
        values = record(cell.local, 2)
        return len(values) == 2 and values[1] == self.key

    def _change(self, pages: Pages, cell: Cell, index: int | None, term: int) -> Change:
        values = record(payload(cell, pages.read, pages.page_size), _COLUMNS)
        values += [None] * (_COLUMNS - len(values))
        created, deleted, create_revision, prev_revision, lease = (
            value if isinstance(value, int) else 0 for value in values[2:7]
        )
        operation = Operation.CREATE if created else Operation.DELETE if deleted else Operation.UPDATE
        if cell.rowid in self.rows:
            operation = Operation.REWRITE
        self.rows[cell.rowid] = bool(deleted)
        value = values[7].encode() if isinstance(values[7], str) else values[7]
        change = Change(index, term, operation, cell.rowid, create_revision, prev_revision, lease)
        return _with_value(change, self.key, value) if isinstance(value, bytes) else change

    def _removal(self, rowid: int, index: int, term: int) -> Change:
        tombstone = self.rows.pop(rowid)
        superseded = tombstone or self.key == COMPACT_KEY or any(revision > rowid for revision in self.rows)
        return Change(index, term, Operation.COMPACT if superseded else Operation.REMOVE, rowid, 0, 0, 0)


def _same(old: Cell | None, new: Cell) -> bool:
    """The same row. Where its overflow pages lie does not count: VACUUM moves them. (An update in place that changes
    nothing but their content is not seen; kine never updates values in place.)
    """
    return old is not None and (old.size, old.local) == (new.size, new.local)


def _with_value(change: Change, key: str, value: bytes) -> Change:
    content = parse_kube_object(value)
    secret = "secrets" in key.split("/")[:-1] or (content is not None and content.kind == "Secret")
    return Change(
        change.index,
        change.term,
        change.operation,
        change.revision,
        change.create_revision,
        change.prev_revision,
        change.lease,
        len(value),
        hashlib.sha256(value).hexdigest()[:16] if len(value) >= GUESSABLE_CHARS_MAX else None,
        None if secret else content,
    )
