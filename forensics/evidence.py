"""The nouns that every layer shares: where bytes are (Span, Blob), and what reading them gave (Parsed, Anomaly).

Imports nothing of the package but limits and errors.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from forensics.errors import UnreadableError
from forensics.limits import IO_CHUNK_BYTES

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A byte range of one file: where a fact was read, so that a report can show those bytes."""

    path: str
    offset: int = 0
    length: int = 0

    def __str__(self) -> str:
        return f"{self.path}@{self.offset}+{self.length}"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something that a parser met and a healthy file would not hold.

    Args:
        code: stable, kebab-case: what rules match on.
        at: where.
        detail: for people; built from values, never from raw bytes of the evidence.
    """

    code: str
    at: Span
    detail: str


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a parser gives: the value as far as it could be read (None if not at all), and all anomalies."""

    value: T | None
    anomalies: tuple[Anomaly, ...] = ()

    @property
    def whole(self) -> bool:
        """The value is there and nothing was wrong with it."""
        return self.value is not None and not self.anomalies


class Blob(ABC):
    """The content of one file, read in place and never written.

    Attributes:
        path: the file's name in the report.
        size: bytes.
    """

    path: str
    size: int

    @property
    def hashed(self) -> str | None:
        """SHA-256 in hex, where it was computed when the content passed by; else None."""
        return None

    @abstractmethod
    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes from `offset`; fewer than `length` only where the content ends. Raises UnreadableError."""

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """Fill `buffer` from `offset` on; how many bytes there were. Spares the memory that `read` takes anew."""
        got = self.read(offset, len(buffer))
        buffer[: len(got)] = got
        return len(got)

    def take(self, offset: int, length: int) -> bytes | None:
        """All `length` bytes, or None: never a short read."""
        if offset < 0 or length < 0 or offset + length > self.size:
            return None
        got = self.read(offset, length)
        return got if len(got) == length else None

    def span(self, offset: int = 0, length: int | None = None) -> Span:
        """The byte range as an address, clipped to the content."""
        start = min(max(offset, 0), self.size)
        rest = self.size - start
        return Span(self.path, start, rest if length is None else min(max(length, 0), rest))

    def chunks(self, size: int = IO_CHUNK_BYTES) -> Iterator[bytes]:
        """The whole content, in order, in pieces of at most `size` bytes."""
        for offset in range(0, self.size, size):
            yield self.read(offset, size)


@dataclass(frozen=True, slots=True)
class BytesBlob(Blob):
    """Content held in memory (small files, and tests)."""

    path: str
    data: bytes = field(repr=False)

    @property
    def size(self) -> int:  # type: ignore[override]
        """Bytes held."""
        return len(self.data)

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        return self.data[offset:] if length is None else self.data[offset : offset + length]


@dataclass(frozen=True, slots=True)
class FileBlob(Blob):
    """A range of an open file: all of a copied file, a part of a plain tar, or a piece of the private spool.

    Reads by position (pread), so that threads can share the descriptor, and so that pages of
    large evidence do not count as this process's memory as a mapping would.
    """

    path: str
    size: int
    fd: int = field(repr=False)
    start: int = 0

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        wanted = self.size - offset if length is None else min(length, self.size - offset)
        if wanted <= 0:
            return b""
        with _unreadable(self.path):
            got = os.pread(self.fd, wanted, self.start + offset)
        if len(got) == wanted or not got:
            return got
        return got + self.read(offset + len(got), wanted - len(got))

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        wanted = min(len(buffer), self.size - offset)
        done = 0
        with _unreadable(self.path):
            while done < wanted and (got := _read_into(self.fd, buffer[done:wanted], self.start + offset + done)):
                done += got
        return done


def _read_into(fd: int, buffer: memoryview, offset: int) -> int:
    """How many bytes were read. Old versions of macOS have no preadv(2)."""
    if hasattr(os, "preadv"):
        return os.preadv(fd, [buffer], offset)
    got = os.pread(fd, len(buffer), offset)
    buffer[: len(got)] = got
    return len(got)


@dataclass(frozen=True, slots=True)
class PathBlob(Blob):
    """A file of a directory input; opened for each read, so that a report of 100 000 files needs no descriptors."""

    path: str
    size: int
    where: str = field(repr=False)

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        with self._opened() as file:
            return file.read(offset, length)

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        with self._opened() as file:
            return file.readinto(buffer, offset)

    @contextmanager
    def _opened(self) -> Iterator[FileBlob]:
        with _unreadable(self.path):
            fd = os.open(self.where, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            yield FileBlob(self.path, self.size, fd)
        finally:
            os.close(fd)


@contextmanager
def _unreadable(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableError(error.errno, error.strerror, path) from error
