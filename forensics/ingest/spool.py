"""Private temporary space for files of archives that cannot be read at random.

The file has no name from the moment that it exists, so it is gone when the process is, however it ends. A thread of its
own writes and hashes, so that decompression does not wait for either.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from queue import Queue
from threading import Event, Thread
from types import TracebackType

from forensics.budget import Budget, LimitError, of_run
from forensics.errors import UnreadableError
from forensics.evidence import FileBlob
from forensics.limits import MEMORY_FILES_BYTES_MAX, SPOOL_FREE_SHARE_MAX, SPOOL_PIECES_WAITING_MAX


class SpoolFullError(Exception):
    """A file does not fit any more. Its text says why."""


@dataclass(slots=True)
class _Content:
    """One file's bytes on their way to the spool. `done` is set when all of them are there, or never will be."""

    done: Event = field(default_factory=Event)
    sha256: str = ""
    failure: OSError | None = None

    def wait(self, path: str) -> None:
        """Until the content of file `path` can be read. Raises UnreadableError where the space ran out."""
        self.done.wait()
        if self.failure is not None:
            why = self.failure.strerror or "it cannot be written"
            raise UnreadableError(self.failure.errno, f"private temporary space: {why}", path)


@dataclass(frozen=True, slots=True)
class SpoolBlob(FileBlob):
    """A piece of the spool. Reading waits for the writer."""

    content: _Content = field(default_factory=_Content, repr=False)

    @property
    def hashed(self) -> str:
        """See Blob.hashed."""
        self.content.wait(self.path)
        return self.content.sha256

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        self.content.wait(self.path)
        return FileBlob.read(self, offset, length)  # super() does not see through a dataclass with slots

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        self.content.wait(self.path)
        return FileBlob.readinto(self, buffer, offset)


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
        self._size = 0
        self._start = 0
        self._content = _Content()
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
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join()
            self._writer = None
        self._file.close()
        self.budget.give_back("SPOOL_BYTES_MAX", self._size)
        self._size = 0

    def fits_in_memory(self, size: int) -> bool:
        """Whether another small file may be held there; it counts from now on."""
        if self._in_memory + size > MEMORY_FILES_BYTES_MAX:
            return False
        self._in_memory += size
        return True

    def begin(self, size: int = 0) -> None:
        """The next pieces are of another file. Raises SpoolFullError where the `size` that it declares has no room."""
        self._check(size)
        self._start = self._size
        self._content = _Content()

    def write(self, piece: bytes) -> None:
        """Append; the piece must not change any more. Raises SpoolFullError where there is no room for it."""
        self._check(len(piece))
        try:
            self.budget.take("SPOOL_BYTES_MAX", len(piece))
        except LimitError as error:
            raise SpoolFullError(self.budget.why(str(error))) from error
        self._size += len(piece)
        self._hand_over(piece)

    def _check(self, size: int) -> None:
        if self._size + size > self._free:
            raise SpoolFullError(f"{size} bytes more have no room in the folder for temporary files: set TMPDIR")
        if size > self.budget.left("SPOOL_BYTES_MAX"):
            raise SpoolFullError(self.budget.why("SPOOL_BYTES_MAX"))

    def blob(self, path: str) -> SpoolBlob:
        """Everything since `begin`, as the content of file `path`."""
        self._hand_over(None)
        return SpoolBlob(path, self._size - self._start, self._file.fileno(), self._start, self._content)

    def _hand_over(self, piece: bytes | None) -> None:
        if self._writer is None:
            self._writer = Thread(target=self._write_all, name="spool", daemon=True)
            self._writer.start()
        self._waiting.put((self._content, piece))

    def _write_all(self) -> None:
        at = 0
        hasher = hashlib.sha256()
        current: _Content | None = None
        while (item := self._waiting.get()) is not None:
            content, piece = item
            if content is not current:
                current, hasher = content, hashlib.sha256()
            if piece is None:
                content.sha256 = hasher.hexdigest()
                content.done.set()
                continue
            try:
                _write(self._file.fileno(), piece, at)
            except OSError as error:
                content.failure = error
            hasher.update(piece)
            at += len(piece)


def _write(fd: int, piece: bytes, at: int) -> None:
    view = memoryview(piece)
    while view:
        written = os.pwrite(fd, view, at)
        at += written
        view = view[written:]
