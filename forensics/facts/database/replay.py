"""dqlite's state machine, as far as pages go: databases from a snapshot, then commands in order.

Source: canonical/dqlite src/fsm.c, src/vfs.c (VfsApply, VfsRestore);
docs/reference/snapshots.md#snapshot-data, docs/reference/commands.md#rebuilding-a-database. The size of a database is
what its page 1 said last. Non-commit frames of dqlite 1.5 and older wait for their commit; an undo drops them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from forensics.evidence import Blob
from forensics.facts.database.loss import Loss, LossKind
from forensics.facts.database.pages import Pages, pages_in_header
from forensics.facts.database.timeline import LogEntry
from forensics.ingest.state_directory import StateFile
from forensics.limits import DATABASE_BYTES_MAX, DATABASES_MAX, LOSSES_MAX
from forensics.on_disk import PAGE_BYTES
from forensics.parsers.command import Frames, Open, Undo, parse_command
from forensics.parsers.segment import EntryType
from forensics.parsers.snapshot import parse_snapshot_data
from forensics.parsers.sqlite_wal import PAGE_SIZES, WalReader


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages that follow each other, in the database and in the log.

    Attributes:
        first, count: page numbers.
        file, offset: where the content of the first one lies.
    """

    first: int
    count: int
    file: StateFile
    offset: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """What one committed transaction writes.

    Attributes:
        database: its name.
        page_size: bytes.
        stretches: in the order in which they are written.
        size: pages of the database from then on; None where the transaction does not tell.
    """

    database: str
    page_size: int
    stretches: tuple[Stretch, ...]
    size: int | None


@dataclass(slots=True)
class Replay:
    """Databases as they grow.

    Attributes:
        only: build no other database than this one.
        databases: by name; one that was deleted stays, without pages.
        names: of all databases that were met, built or not.
        losses: what could not be taken over, LOSSES_MAX at most; empty where all of it could.
    """

    only: str | None = None
    databases: dict[str, Pages] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    _waiting: dict[int, list[Transaction]] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """A transaction's commit has not come yet."""
        return bool(self._waiting)

    def close(self) -> None:
        """Give all space back."""
        for pages in self.databases.values():
            pages.close()
        self.databases.clear()

    def restore(self, data: Blob) -> None:
        """Take the databases of a snapshot's data file, as far as they can be read."""
        parsed = parse_snapshot_data(data, self._sink)
        for anomaly in parsed.anomalies:
            self._lose(Loss(LossKind.SNAPSHOT, detail=anomaly.detail))

    def apply(self, entry: LogEntry) -> Transaction | None:
        """Take one entry; the transaction that it commits, which is not yet written (see `write`)."""
        if entry.type != EntryType.COMMAND:
            return None
        parsed = parse_command(entry.payload, entry.at)
        for anomaly in parsed.anomalies:
            self._lose(Loss(LossKind.ENTRY, number=entry.index, detail=anomaly.detail))
        command = parsed.value
        if isinstance(command, Undo):
            self._waiting.pop(command.transaction, None)
        elif isinstance(command, Open):
            self._pages(command.name, PAGE_BYTES)
        elif isinstance(command, Frames) and self._wanted(command.name):
            return self._frames(command, entry.file)
        return None

    def write(self, transaction: Transaction) -> Pages | None:
        """Write a transaction's pages; the database that it changed, or None where it cannot be written."""
        pages = self._pages(transaction.database, transaction.page_size)
        if pages is None:
            return None
        if pages.page_size != transaction.page_size:
            self._lose(Loss(LossKind.PAGE_SIZE, pages.name, transaction.page_size, pages.page_size))
            return None
        for stretch in transaction.stretches:
            if self._fits(pages, stretch.first, stretch.count):
                pages.place(stretch.first, stretch.count, stretch.file, stretch.offset)
        if transaction.size is not None and self._fits(pages, 1, transaction.size):
            pages.resize(transaction.size)
        return pages

    def _frames(self, frames: Frames, file: StateFile) -> Transaction | None:
        base = frames.page_span(0).offset if frames.numbers else 0
        size = frames.truncate or None
        stretches = []
        for position, first, count in frames.runs():
            stretches.append(Stretch(first, count, file, base + position * frames.page_size))
            if first == 1:
                told = pages_in_header(frames.page(position))
                size = size if told is None else told
        transaction = Transaction(frames.name, frames.page_size, tuple(stretches), size)
        waiting = self._waiting.pop(frames.transaction, [])
        if not frames.is_commit:
            self._waiting[frames.transaction] = [*waiting, transaction]
            return None
        return _joined([*waiting, transaction]) if waiting else transaction

    def _fits(self, pages: Pages, first: int, count: int) -> bool:
        """Whether there is room for pages `first` on; all databases together are bounded."""
        end = first - 1 + count
        others = sum(other.count for other in self.databases.values()) - pages.count if end > pages.count else 0
        if first < 1 or (others + end) * pages.page_size > DATABASE_BYTES_MAX:
            self._lose(Loss(LossKind.BEYOND_SIZE, pages.name, end))
            return False
        return True

    def _wanted(self, name: str) -> bool:
        if name not in self.names and len(self.names) < DATABASES_MAX:
            self.names[name] = None
        return self.only is None or name == self.only

    def _pages(self, name: str, page_size: int) -> Pages | None:
        if not self._wanted(name):
            return None
        if name not in self.databases:
            if page_size not in PAGE_SIZES or len(self.databases) >= DATABASES_MAX:
                self._lose(Loss(LossKind.PAGE_SIZE, name, page_size))
                return None
            self.databases[name] = Pages(name, page_size)
        pages = self.databases[name]
        if not pages.count and page_size in PAGE_SIZES:
            pages.page_size = page_size
        return pages

    def _sink(self, name: str) -> _Sink | None:
        pages = self._pages(name, PAGE_BYTES)
        return None if pages is None else _Sink(pages, self._fits, self._lose)

    def _lose(self, what: Loss) -> None:
        if what not in self.losses[-1:] and len(self.losses) < LOSSES_MAX:
            self.losses.append(what)


def _joined(parts: list[Transaction]) -> Transaction:
    """One transaction of the parts that several entries carried."""
    last = parts[-1]
    sizes = [part.size for part in parts if part.size is not None]
    stretches = tuple(stretch for part in parts for stretch in part.stretches)
    return Transaction(last.database, last.page_size, stretches, sizes[-1] if sizes else None)


class _Sink:
    """Takes one database of a snapshot: the main image, and the WAL over it."""

    def __init__(self, pages: Pages, fits: Callable[[Pages, int, int], bool], lose: Callable[[Loss], None]) -> None:
        self._pages = pages
        self._fits = fits
        self._lose = lose
        self._left = b""
        self._next = 1
        self._wal: WalReader | None = None

    def main(self, piece: bytes) -> None:
        data = self._left + piece if self._left else piece
        pages = self._pages
        if self._next == 1 and len(data) >= 100:
            size = int.from_bytes(data[16:18], "big")
            size = 65536 if size == 1 else size
            if pages_in_header(data) is None or size not in PAGE_SIZES:
                self._lose(Loss(LossKind.NOT_A_DATABASE, pages.name))
            else:
                pages.page_size = size
        whole = len(data) // pages.page_size * pages.page_size
        if whole and self._fits(pages, self._next, whole // pages.page_size):
            pages.copy(self._next, memoryview(data)[:whole])
            self._next += whole // pages.page_size
        self._left = data[whole:]

    def wal(self, piece: bytes) -> None:
        if self._wal is None:
            self._wal = WalReader(self._write)
        self._wal.feed(piece)

    def finish(self, main_size: int) -> None:
        """All bytes that there were have passed."""
        pages = self._pages
        if self._left:
            self._lose(Loss(LossKind.PARTIAL_PAGE, pages.name, len(self._left)))
        promised = main_size // pages.page_size
        if promised > pages.count and self._fits(pages, 1, promised):
            pages.resize(promised)  # what is cut off is missing, not absent
        if self._wal is not None:
            self._finish_wal(self._wal)
        told = pages_in_header(pages.read(1))
        if told and told < pages.count:  # a VACUUM: up to 1.18.1 a database only grows (see "Source" above)
            pages.resize(told)

    def _finish_wal(self, wal: WalReader) -> None:
        wal.finish()
        if wal.trouble:
            self._lose(Loss(LossKind.WAL, self._pages.name, detail=wal.trouble))
        if wal.database_pages is not None and self._fits(self._pages, 1, wal.database_pages):
            self._pages.resize(wal.database_pages)

    def _write(self, number: int, data: bytes) -> None:
        pages = self._pages
        if not pages.count:
            pages.page_size = len(data)
        if len(data) == pages.page_size and self._fits(pages, number, 1):
            pages.copy(number, data)
        else:
            self._lose(Loss(LossKind.WAL_PAGE, pages.name, number))
