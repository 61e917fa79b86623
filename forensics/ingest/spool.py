"""Private temporary space for files of archives that cannot be read at random.

The file has no name from the moment that it exists, so it is gone when the process is, however it ends. A thread of its
own packs, writes and hashes, so that decompression waits for none of it. What a content takes there is known when it is
packed: until then, its own size counts.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import Queue
from threading import Event, Thread
from types import TracebackType

from forensics.budget import Budget, LimitError, of_run
from forensics.errors import UnreadableError
from forensics.evidence import Blob, FileBlob
from forensics.ingest.packed import Frame, Frames, Packer, Recent, parts
from forensics.limits import (
    MEMORY_FILES_BYTES_MAX,
    SPOOL_CONTENTS_WAITING_MAX,
    SPOOL_FREE_SHARE_MAX,
    SPOOL_PIECES_WAITING_MAX,
)


class SpoolFullError(Exception):
    """A file does not fit any more. Its text says why."""


@dataclass(slots=True)
class _Content:
    """One file's bytes on their way to the spool. `done` is set when all of them are there, or never will be.

    Attributes:
        size: bytes that were given.
        frames: where they lie, packed.
    """

    done: Event = field(default_factory=Event)
    sha256: str = ""
    failure: OSError | None = None
    size: int = 0
    frames: Frames = field(default_factory=Frames)

    @property
    def packed(self) -> int:
        """Bytes that it takes in the spool."""
        return sum(frame.size for frame in self.frames.frames)

    def wait(self, path: str) -> None:
        """Until the content of file `path` can be read. Raises UnreadableError where the space ran out."""
        self.done.wait()
        if self.failure is not None:
            why = self.failure.strerror or "it cannot be written"
            raise UnreadableError(self.failure.errno, f"private temporary space: {why}", path)


@dataclass(frozen=True, slots=True)
class SpoolBlob(Blob):
    """A content of the spool. Reading waits for the writer."""

    path: str
    size: int
    file: FileBlob = field(repr=False)
    content: _Content = field(repr=False)
    recent: Recent = field(repr=False)

    @property
    def hashed(self) -> str:
        """See Blob.hashed."""
        self.content.wait(self.path)
        return self.content.sha256

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        end = self.size if length is None else min(offset + length, self.size)
        return b"".join(self._parts(offset, end))

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        done = 0
        for part in self._parts(offset, min(offset + len(buffer), self.size)):
            buffer[done : done + len(part)] = part
            done += len(part)
        return done

    def _parts(self, offset: int, end: int) -> Iterator[bytes | memoryview]:
        self.content.wait(self.path)
        for frame, low, high in self.content.frames.between(offset, end):
            yield from parts(self._unpacked(frame), low, high)

    def _unpacked(self, frame: Frame) -> Sequence[bytes]:
        try:
            return self.recent.get(frame, self.file.read)
        except ValueError as error:
            raise UnreadableError(errno.EIO, f"private temporary space: {error}", self.path) from error


class Spool:
    """An append-only file; `begin`, `write` pieces, then `blob` gives what was written since.

    Attributes:
        budget: what the run may take; that of the run where none is given.
    """

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = of_run() if budget is None else budget
        self._file = tempfile.TemporaryFile(prefix="dqlite-forensics-")  # noqa: SIM115 - lives as long as the spool
        disk = os.fstatvfs(self._file.fileno())
        self._free = int(disk.f_bavail * disk.f_frsize * SPOOL_FREE_SHARE_MAX)
        self._in_memory = 0
        self._size = 0  # counted for what is there, and for what is on its way
        self._content = _Content()
        self._counted: deque[_Content] = deque()  # with their own sizes, not as packed
        self._recent = Recent()
        self._at = 0  # behind what is written
        self._waiting: Queue[tuple[_Content, bytes | None] | None] = Queue(SPOOL_PIECES_WAITING_MAX)
        self._writer: Thread | None = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the space back."""
        self._end_writer()
        self._file.close()
        self.budget.give_back("SPOOL_BYTES_MAX", self._size)
        self._size = 0

    def rest(self) -> None:
        """Nothing more comes for now: what is on its way arrives, and the memory for packing is given back."""
        self._end_writer()
        self._settle(0)

    def _end_writer(self) -> None:
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join()
            self._writer = None

    def fits_in_memory(self, size: int) -> bool:
        """Whether another small file may be held there; it counts from now on."""
        if self._in_memory + size > MEMORY_FILES_BYTES_MAX:
            return False
        self._in_memory += size
        return True

    def begin(self, size: int = 0) -> None:
        """The next pieces are of another file. Raises SpoolFullError where the `size` that it declares has no room."""
        self._settle(SPOOL_CONTENTS_WAITING_MAX)
        self._check(size)
        self._content = _Content()

    def write(self, piece: bytes) -> None:
        """Append; the piece must not change any more. Raises SpoolFullError where there is no room for it."""
        self._check(len(piece))
        try:
            self.budget.take("SPOOL_BYTES_MAX", len(piece))
        except LimitError as error:
            raise SpoolFullError(self.budget.why(str(error))) from error
        self._size += len(piece)
        self._content.size += len(piece)
        self._hand_over(piece)

    def _check(self, size: int) -> None:
        if self._size + size > self._free:
            raise SpoolFullError(f"{size} bytes more have no room in the folder for temporary files: set TMPDIR")
        if size > self.budget.left("SPOOL_BYTES_MAX"):
            raise SpoolFullError(self.budget.why("SPOOL_BYTES_MAX"))

    def blob(self, path: str) -> SpoolBlob:
        """Everything since `begin`, as the content of file `path`."""
        self._hand_over(None)
        self._counted.append(self._content)
        file = FileBlob(path, sys.maxsize, self._file.fileno())
        return SpoolBlob(path, self._content.size, file, self._content, self._recent)

    def _settle(self, waiting: int) -> None:
        """Count contents as they are packed, but for so many that may be on their way: no clock decides which."""
        while len(self._counted) > waiting:
            content = self._counted.popleft()
            content.done.wait()
            spare = content.size - content.packed
            self.budget.give_back("SPOOL_BYTES_MAX", spare)
            self._size -= spare

    def _hand_over(self, piece: bytes | None) -> None:
        if self._writer is None:
            self._writer = Thread(target=self._write_all, name="spool", daemon=True)
            self._writer.start()
        self._waiting.put((self._content, piece))

    def _write_all(self) -> None:
        writer = _Writer(self._file.fileno(), self._at, self._recent)
        while (item := self._waiting.get()) is not None:
            writer.take(*item)
        self._at = writer.at


class _Writer:
    """What the spool's thread does: each content hashed, packed and written."""

    def __init__(self, fd: int, at: int, recent: Recent) -> None:
        self._fd = fd
        self.at = self._begin = at  # behind what is written, and where the frame begins
        self._recent = recent
        self._packer = Packer()
        self._hasher = hashlib.sha256()
        self._current: _Content | None = None

    def take(self, content: _Content, piece: bytes | None) -> None:
        """The next piece of a content; None at its end."""
        if content is not self._current:
            self._packer.end()  # of a content that was given up
            self._current, self._hasher, self._begin = content, hashlib.sha256(), self.at
        if piece is not None:
            self._hasher.update(piece)
            self._write(content, self._packer.add(piece))
        if self._packer.full or (piece is None and self._packer.length):
            self._end_frame(content)
        if piece is None:
            content.sha256 = self._hasher.hexdigest()
            content.done.set()

    def _end_frame(self, content: _Content) -> None:
        length = self._packer.length
        rest, pieces = self._packer.end()
        self._write(content, rest)
        frame = Frame(self._begin, self.at - self._begin, length)
        content.frames.append(frame)
        self._recent.keep(frame, pieces)
        self._begin = self.at

    def _write(self, content: _Content, packed: bytes) -> None:
        view = memoryview(packed)
        while view and content.failure is None:
            try:
                written = os.pwrite(self._fd, view, self.at)
            except OSError as error:
                content.failure = error
                return
            self.at += written
            view = view[written:]
