"""Contents of files in archives: ranges of the archive itself, sparse files, and what passes by once."""

from __future__ import annotations

import hashlib
import tarfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Protocol, cast

from forensics.budget import Budget, LimitError
from forensics.evidence import Blob, BytesBlob
from forensics.ingest.files import InputFile, Refusal
from forensics.ingest.paths import printable
from forensics.ingest.spool import Spool, SpoolFullError
from forensics.limits import IO_CHUNK_BYTES, MEMORY_FILE_BYTES_MAX

Keep = Callable[[str], bool]
Item = InputFile | Refusal


class Passing(Protocol):
    """Content that can be read only once, from beginning to end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; none only at the end."""


class RangeBlob(Blob):
    """A range of another blob under a name of its own."""

    def __init__(self, path: str, size: int, base: Blob, start: int) -> None:
        self.path = path
        self.size = size
        self._base = base
        self._start = start

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        wanted = self.size - offset if length is None else min(length, self.size - offset)
        return self._base.read(self._start + offset, wanted) if wanted > 0 else b""

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        wanted = min(len(buffer), self.size - offset)
        return self._base.readinto(buffer[:wanted], self._start + offset) if wanted > 0 else 0


class SparseBlob(Blob):
    """A sparse file of a plain tar: its stored pieces, zeros between them. Nothing is held in memory.

    Args:
        path, size: of the file.
        base, start: the archive, and where the pieces lie in it, one behind the other.
        pieces: (offset in the file, size) of each, in order.
    """

    def __init__(self, path: str, size: int, base: Blob, start: int, pieces: list[tuple[int, int]]) -> None:
        self.path = path
        self.size = size
        self._base = base
        self._pieces: list[tuple[int, int, int]] = []
        for offset, length in pieces:
            self._pieces.append((offset, length, start))
            start += length
        self._pieces.sort()
        self._starts = [first for first, *_ in self._pieces]
        self.end = start

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        end = self.size if length is None else min(offset + length, self.size)
        if end <= offset:
            return b""
        content = bytearray(end - offset)
        start = bisect_right(self._starts, offset) - 1
        for first, size, where in islice(self._pieces, max(start, 0), None):
            if first >= end:
                break
            low, high = max(first, offset), min(first + size, end)
            if low < high:
                got = self._base.read(where + low - first, high - low)
                content[low - offset : low - offset + len(got)] = got
        return bytes(content)


def pieces_of(info: tarfile.TarInfo) -> list[tuple[int, int]]:
    """Offset and size of each stored piece, as far as they lie inside the file."""
    listed = cast(list[tuple[int, int]], info.sparse or [])
    return [(offset, size) for offset, size in listed if 0 <= offset <= info.size and 0 <= size <= info.size - offset]


def absolute(name: str, prefix: str) -> Iterator[Refusal]:
    """A refusal where a file's name is absolute, as `tar -P` and some zip programs write it.

    The name is refused as such; the content, which is unpacked nowhere, is read under the name without its first `/`.
    """
    if name.startswith("/"):
        detail = "an absolute name; its content is read as if it were relative"
        yield Refusal((prefix + printable(name))[:200], "name-absolute", detail, harmless=True)


def counted(items: Iterator[Item], label: str, budget: Budget) -> Iterator[Item]:
    """The items of what is called `label`, as far as a run may have so many."""
    for item in items:
        try:
            budget.take("FILES_MAX")
        except LimitError as error:
            yield Refusal(label, str(error), f"{budget.why(str(error))}; the rest is not read")
            return
        yield item


def take(file: InputFile, source: Passing, keep: Keep, spool: Spool) -> InputFile | Refusal:
    """Read content that passes by once: kept in memory or in the spool where wanted, else only hashed."""
    if not keep(file.path):
        return _hashed(file, source)
    if file.size <= MEMORY_FILE_BYTES_MAX and spool.fits_in_memory(file.size):
        content = _exactly(source, file.size)
        return replace(file, blob=BytesBlob(file.path, content), cut=len(content) < file.size)
    try:
        spool.begin(file.size)
        while piece := source.read(IO_CHUNK_BYTES):
            spool.write(piece)
    except SpoolFullError as error:
        return Refusal(file.path, "SPOOL_BYTES_MAX", str(error))
    blob = spool.blob(file.path)
    return replace(file, blob=blob, cut=blob.size < file.size)


def _hashed(file: InputFile, source: Passing) -> InputFile:
    hasher = hashlib.sha256()
    size = 0
    while piece := source.read(IO_CHUNK_BYTES):
        hasher.update(piece)
        size += len(piece)
    return replace(file, cut=size < file.size, sha256=hasher.hexdigest())


def _exactly(source: Passing, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := source.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
