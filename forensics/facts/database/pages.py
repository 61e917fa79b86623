"""The pages of one database, addressed by number.

Small ones stay in memory; others live in a private file that has no name, so that it is gone when the process is,
and so that it does not count as this process's memory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

from forensics.evidence import Span
from forensics.limits import DATABASE_BYTES_MAX, IMAGE_MEMORY_BYTES_MAX, IO_CHUNK_BYTES

PAGE_BYTES = 4096  # dqlite overrides any other page size (FACTS 5.1)
_PAGE_COUNT = slice(28, 32)  # of page 1, big-endian
_VERSIONS_AT = 18  # write and read version: 2 is WAL mode, 1 is not
_MAGIC = b"SQLite format 3\0"


class Pages:
    """A growing image. A page that nothing ever wrote is a hole, read as zeros and listed by `missing`.

    Attributes:
        name: dqlite's file name of the database.
        page_size: bytes.
        count: pages, as the database itself has it; 0 where it was deleted, or never written.
        origin: where its newest content was read.
    """

    def __init__(self, name: str, page_size: int = PAGE_BYTES) -> None:
        self.name = name
        self.page_size = page_size
        self.count = 0
        self.origin: Span | None = None
        self._memory: bytearray | None = bytearray()
        self._fd = -1
        self._there = bytearray()  # one byte a page: 0 for a hole

    @property
    def size(self) -> int:
        """Bytes of the image."""
        return self.count * self.page_size

    @property
    def in_memory(self) -> bool:
        """Small enough to be kept in memory."""
        return self._memory is not None

    def close(self) -> None:
        """Give the space back."""
        self._memory = None
        self._there.clear()
        self.count = 0
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def write(self, first: int, data: bytes | memoryview) -> None:
        """Put whole pages, from page `first` (counted from 1) on; the image grows as needed.

        The caller has checked `first` with `fits`.
        """
        pages = len(data) // self.page_size
        end = first - 1 + pages
        self._put((first - 1) * self.page_size, data)
        if end > len(self._there):
            self._there.extend(bytes(end - len(self._there)))
        self._there[first - 1 : end] = b"\1" * pages
        self.count = max(self.count, end)

    def fits(self, pages: int) -> bool:
        """An image of so many pages is within the limit."""
        return pages * self.page_size <= DATABASE_BYTES_MAX

    def resize(self, pages: int) -> None:
        """Set the size; what lies behind it is forgotten."""
        if pages < self.count:
            del self._there[pages:]
            if self._memory is not None:
                del self._memory[pages * self.page_size :]
            else:
                os.ftruncate(self._fd, pages * self.page_size)
        self.count = pages

    def read(self, page: int) -> bytes:
        """One page; zeros where it is a hole or lies beyond the end."""
        return self._get((page - 1) * self.page_size, self.page_size)

    def holds(self, page: int) -> bool:
        """The page was written."""
        return 0 < page <= len(self._there) and self._there[page - 1] == 1

    def missing(self) -> int:
        """How many pages of the image nothing ever wrote."""
        return self.count - self._there.count(1, 0, self.count)

    def header_pages(self) -> int | None:
        """The size in pages that page 1 tells; None where page 1 is not that of a database."""
        return pages_in_header(self.read(1)) if self.holds(1) else None

    def chunks(self) -> Iterator[bytes]:
        """The image as a database file that opens without a WAL: WAL mode is taken out of its header (FACTS 5.3)."""
        for offset in range(0, self.size, IO_CHUNK_BYTES):
            piece = self._get(offset, min(IO_CHUNK_BYTES, self.size - offset))
            yield piece if offset else _without_wal(piece)

    def link(self, path: str) -> None:
        """Give the private file the name `path`, as a database file that opens without a WAL. Not for `in_memory`."""
        os.ftruncate(self._fd, self.size)
        os.pwrite(self._fd, _without_wal(self._get(0, self.page_size)), 0)
        try:
            os.link(f"/proc/self/fd/{self._fd}", path, follow_symlinks=True)
        except OSError:  # no /proc, or a file whose name was taken away
            with open(path, "xb") as copy:
                copy.writelines(self.chunks())

    def _put(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        end = offset + len(data)
        if self._memory is not None and end > IMAGE_MEMORY_BYTES_MAX:
            self._to_file()
        if self._memory is None:
            view = memoryview(data)
            while view:
                done = os.pwrite(self._fd, view, offset)
                view, offset = view[done:], offset + done
            return
        if end > len(self._memory):
            self._memory.extend(bytes(end - len(self._memory)))
        self._memory[offset:end] = data

    def _get(self, offset: int, length: int) -> bytes:
        if self._memory is not None:
            got = bytes(self._memory[offset : offset + length])
        else:
            got = os.pread(self._fd, length, offset) if self._fd >= 0 else b""
        return got.ljust(length, b"\0")

    def _to_file(self) -> None:
        self._fd = _private_file()
        kept, self._memory = self._memory or b"", None
        self._put(0, kept)


def pages_in_header(page: bytes | memoryview) -> int | None:
    """Offset 28 of page 1: the database's size in pages; None where it is not page 1 of a database."""
    return int.from_bytes(page[_PAGE_COUNT], "big") if page[:16] == _MAGIC else None


def _without_wal(head: bytes) -> bytes:
    if head[:16] != _MAGIC:
        return head
    return head[:_VERSIONS_AT] + b"\1\1" + head[_VERSIONS_AT + 2 :]


def _private_file() -> int:
    """A file without a name (Linux' O_TMPFILE), or, where the file system cannot, one whose name is taken away."""
    try:
        return os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        fd, path = tempfile.mkstemp(prefix="dqlite-forensics-")
        os.unlink(path)
        return fd
