"""The pages of one database, addressed by number.

Pages of a snapshot are copied here as they pass; of pages in the log only the place is noted, so that a page that was
written a thousand times is copied once, and only if somebody wants the image. Small images stay in memory; others live
in a private file that has no name, so that it is gone when the process is, and is not this process's memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from forensics.evidence import Span
from forensics.ingest.state_directory import StateFile
from forensics.limits import IMAGE_MEMORY_BYTES_MAX, IO_CHUNK_BYTES
from forensics.on_disk import PAGE_BYTES, SQLITE_MAGIC
from forensics.private_file import PrivateFile, space

_PAGE_COUNT = slice(28, 32)  # of page 1, big-endian
_VERSIONS_AT = 18  # write and read version: 2 is WAL mode, 1 is not
_HOLE, _COPIED, _IN_LOG = 0, 1, 2  # states of a page
_OFFSET_BITS = 40  # of a place; above them, the number of the file
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1


class Pages:
    """A growing image. A page that nothing ever wrote is a hole, read as zeros and counted by `missing`.

    Attributes:
        name: dqlite's file name of the database.
        page_size: bytes.
        count: pages, as the database itself has it; 0 where it was deleted, or never written.
    """

    def __init__(self, name: str, page_size: int = PAGE_BYTES) -> None:
        self.name = name
        self.page_size = page_size
        self.count = 0
        self._memory: bytearray | None = bytearray()
        self._file: PrivateFile | None = None
        self._states = bytearray()
        self._places: array[int] = array("Q")  # of those in the log: file number and offset
        self._files: list[StateFile] = []
        self._gathered = True

    @property
    def size(self) -> int:
        """Bytes of the image."""
        return self.count * self.page_size

    @property
    def in_memory(self) -> bool:
        """Small enough to be kept in memory."""
        return self._memory is not None and self.size <= IMAGE_MEMORY_BYTES_MAX

    def close(self) -> None:
        """Give the space back."""
        self._memory = None
        self._states, self._places, self.count = bytearray(), array("Q"), 0
        if self._file is not None:
            self._file.close()
            self._file = None

    def copy(self, first: int, data: bytes | memoryview) -> None:
        """Put whole pages, from page `first` (counted from 1) on. The caller has seen to their number."""
        count = len(data) // self.page_size
        self._mark(first, count, _COPIED)
        self._put((first - 1) * self.page_size, data)

    def place(self, first: int, count: int, file: StateFile, offset: int) -> None:
        """Note that pages from `first` on lie in `file`, one behind the other. The caller has seen to their number."""
        if not self._files or self._files[-1] is not file:
            self._files.append(file)
        self._mark(first, count, _IN_LOG)
        self._gathered = False
        start = (len(self._files) - 1) << _OFFSET_BITS | offset
        self._places[first - 1 : first - 1 + count] = array(
            "Q", range(start, start + count * self.page_size, self.page_size)
        )

    def resize(self, pages: int) -> None:
        """Set the size; what lies behind it is forgotten."""
        if pages < self.count:
            del self._states[pages:], self._places[pages:]
            if self._memory is not None:
                del self._memory[pages * self.page_size :]
            elif self._file is not None:
                self._file.resize(pages * self.page_size)
        self.count = pages

    def holds(self, page: int) -> bool:
        """The page was written."""
        return 0 < page <= len(self._states) and self._states[page - 1] != _HOLE

    def read(self, page: int) -> bytes:
        """One page; zeros where it is a hole or lies beyond the end."""
        state = self._states[page - 1] if 0 < page <= len(self._states) else _HOLE
        if state == _HOLE:
            return bytes(self.page_size)
        if state == _COPIED or self._gathered:
            return self._get((page - 1) * self.page_size, self.page_size)
        at = self.span(page)
        file = self._files[self._places[page - 1] >> _OFFSET_BITS]
        data = file.blob.read(at.offset, self.page_size) if at and file.blob else b""
        return data.ljust(self.page_size, b"\0")

    def span(self, page: int) -> Span | None:
        """Where in the log a page's content lies; None for one of a snapshot, and for a hole."""
        if not 0 < page <= len(self._states) or self._states[page - 1] != _IN_LOG:
            return None
        place = self._places[page - 1]
        file = self._files[place >> _OFFSET_BITS]
        return Span(file.at.path, place & _OFFSET_MASK, self.page_size)

    def missing(self) -> int:
        """How many pages of the image nothing ever wrote."""
        return self.count - len(self._states) + self._states.count(_HOLE)

    def chunks(self) -> Iterator[bytes]:
        """The image as a database file that opens without a WAL: WAL mode is taken out of its header.

        Source: docs/reference/commands.md#rebuilding-a-database.
        """
        pieces = self.stored()
        yield from map(_without_wal, islice(pieces, 1))
        yield from pieces

    def stored(self) -> Iterator[bytes]:
        """The image as dqlite has it, in pieces."""
        self._gather()
        for offset in range(0, self.size, IO_CHUNK_BYTES):
            yield self._get(offset, min(IO_CHUNK_BYTES, self.size - offset))

    def save(self, path: str) -> None:
        """The same under the name `path`, which must be new: a link to the private file where that is possible."""
        self._gather()
        if self._file is not None:
            self._file.resize(self.size)
            self._file.write(_without_wal(self._get(0, self.page_size)), 0)
            if self._file.linked(path):
                return
        with space(), open(path, "xb") as copy:
            copy.writelines(self.chunks())

    def _mark(self, first: int, count: int, state: int) -> None:
        end = first - 1 + count
        if end > len(self._states):
            self._places.frombytes(bytes(8 * (end - len(self._states))))
            self._states.extend(bytes(end - len(self._states)))
        self._states[first - 1 : end] = bytes([state]) * count
        self.count = max(self.count, end)

    def _gather(self) -> None:
        """Copy the pages that lie in the log: file by file, neighbours together."""
        if self._gathered:
            return
        there = enumerate(zip(self._states, self._places, strict=True), 1)
        wanted = sorted((place, page) for page, (state, place) in there if state == _IN_LOG)
        for number, group in groupby(wanted, key=lambda pair: pair[0] >> _OFFSET_BITS):
            blob = self._files[number].blob
            data = memoryview(blob.read() if blob is not None else b"")
            for place, page, count in _neighbours(group, self.page_size):
                offset = place & _OFFSET_MASK
                self._put((page - 1) * self.page_size, data[offset : offset + count * self.page_size])
        self._gathered = True

    def _put(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        end = offset + len(data)
        if self._memory is not None and end > IMAGE_MEMORY_BYTES_MAX:
            self._to_file()
        if self._memory is None:
            self._spilled().write(data, offset)
            return
        if end > len(self._memory):
            self._memory.extend(bytes(end - len(self._memory)))
        self._memory[offset:end] = data

    def _get(self, offset: int, length: int) -> bytes:
        if self._memory is not None:
            got = bytes(self._memory[offset : offset + length])
        else:
            got = self._file.read(length, offset) if self._file is not None else b""
        return got.ljust(length, b"\0")

    def _to_file(self) -> None:
        kept, self._memory = self._memory or b"", None
        self._spilled().write(kept, 0)

    def _spilled(self) -> PrivateFile:
        if self._file is None:
            self._file = PrivateFile()
        return self._file


def pages_in_header(page: bytes | memoryview) -> int | None:
    """Offset 28 of page 1: the database's size in pages; None where it is not page 1 of a database."""
    return int.from_bytes(page[_PAGE_COUNT], "big") if page[:16] == SQLITE_MAGIC else None


def _neighbours(places: Iterable[tuple[int, int]], size: int) -> Iterator[tuple[int, int, int]]:
    """(place, first page, how many) of stretches of pages that lie one behind the other in the log and in the image."""
    start, first, count = 0, 0, 0
    for place, page in places:
        if count and place == start + count * size and page == first + count:
            count += 1
            continue
        if count:
            yield start, first, count
        start, first, count = place, page, 1
    if count:
        yield start, first, count


def _without_wal(head: bytes) -> bytes:
    if head[:16] != SQLITE_MAGIC:
        return head
    return head[:_VERSIONS_AT] + b"\1\1" + head[_VERSIONS_AT + 2 :]
