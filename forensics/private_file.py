"""Private temporary space: a file without a name, so that it is gone when the process is, however that ends.

What it holds counts in the run's budget. What goes wrong with it is neither the evidence's fault nor that of an output.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from forensics.budget import LimitError, of_run
from forensics.errors import SpaceError, UnreadableError

_NAMELESS: int = getattr(os, "O_TMPFILE", 0)  # Linux alone has it
_COUNT = "SPOOL_BYTES_MAX"


class PrivateFile:
    """Bytes at offsets. Close it to give its space back. Everything raises SpaceError where there is no room."""

    def __init__(self) -> None:
        self._budget = of_run()
        self._size = 0
        self._fd = _opened()

    def write(self, data: bytes | bytearray | memoryview, offset: int) -> None:
        """Put them there; what lies between the end and them reads as zeros."""
        self._grow(offset + len(data))
        view = memoryview(data)
        with space():
            while view:
                done = os.pwrite(self._fd, view, offset)
                view, offset = view[done:], offset + done

    def read(self, length: int, offset: int) -> bytes:
        """As many of them as there are."""
        with space():
            return os.pread(self._fd, length, offset)

    def resize(self, size: int) -> None:
        """Cut it, or fill it up with zeros."""
        self._grow(size)
        with space():
            os.ftruncate(self._fd, size)
        self._budget.give_back(_COUNT, self._size - size)
        self._size = size

    def close(self) -> None:
        """Give the space back."""
        if self._fd >= 0:
            os.close(self._fd)
            self._budget.give_back(_COUNT, self._size)
            self._fd, self._size = -1, 0

    def linked(self, path: str) -> bool:
        """Whether the file has that name now, too: not every file system can."""
        try:
            give_name(self._fd, path)
        except OSError:
            return False
        return True

    def _grow(self, end: int) -> None:
        if end <= self._size:
            return
        try:
            self._budget.take(_COUNT, end - self._size)
        except LimitError as error:
            raise SpaceError(self._budget.why(str(error))) from error
        self._size = end


@contextmanager
def named_file(data: bytes) -> Iterator[str]:
    """Path of a private file with these bytes, for who can only open one by its name. Raises SpaceError."""
    file = PrivateFile()
    try:
        file.write(data, 0)
        with space(), tempfile.TemporaryDirectory(prefix="dqlite-forensics-") as folder:
            path = os.path.join(folder, "file")
            if not file.linked(path):
                with open(path, "xb") as copy:
                    copy.write(data)
            yield path
    finally:
        file.close()


class Overflow:
    """Bytes one behind the other, in memory as long as they are few."""

    def __init__(self, memory_max: int) -> None:
        self._memory_max = memory_max
        self._memory = bytearray()
        self._file: PrivateFile | None = None
        self._in_file = 0

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Add them at the end. Raises SpaceError."""
        self._memory += data
        if len(self._memory) > self._memory_max:
            self._file = self._file or PrivateFile()
            self._file.write(self._memory, self._in_file)
            self._in_file += len(self._memory)
            self._memory.clear()

    def read(self, offset: int, length: int) -> bytes:
        """Those from `offset` on. Raises SpaceError."""
        filed = min(length, self._in_file - offset)
        held = self._file.read(filed, offset) if self._file and filed > 0 else b""
        start = offset + len(held) - self._in_file
        return held + bytes(self._memory[start : start + length - len(held)])

    def clear(self) -> None:
        """Forget them all, and give the space back."""
        self._memory.clear()
        self._in_file = 0
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def space() -> Iterator[None]:
    """An error of the system here is one of the private space."""
    try:
        yield
    except UnreadableError:
        raise
    except OSError as error:
        raise SpaceError(error.strerror or type(error).__name__) from error


def nameless(folder: str, mode: int = 0o600) -> int:
    """A new file in it without a name. Raises OSError where the file system, or the system, knows no such file."""
    if not _NAMELESS:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
    return os.open(folder, _NAMELESS | os.O_RDWR | os.O_CLOEXEC, mode)


def give_name(fd: int, path: str) -> None:
    """Give one of these its name, which must be new. Raises OSError.

    link(2) itself would take the symbolic link in /proc for the file; only linkat(2), which Python calls where a
    directory is given, follows it.
    """
    folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.link(f"/proc/self/fd/{fd}", os.path.basename(path), dst_dir_fd=folder, follow_symlinks=True)
    except NotImplementedError as error:  # a system without linkat(2)
        raise OSError(errno.EOPNOTSUPP, str(error)) from error
    finally:
        os.close(folder)


def _opened() -> int:
    """Without a name, or, where the file system cannot, a file whose name is taken away."""
    with space():
        try:
            return nameless(tempfile.gettempdir())
        except OSError:
            fd, path = tempfile.mkstemp(prefix="dqlite-forensics-")
            os.unlink(path)
            return fd
