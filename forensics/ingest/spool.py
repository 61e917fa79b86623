"""Private temporary space for members of archives that cannot be read at random.

The file has no name from the moment that it exists, so it is gone when the process is, however it ends.
"""

from __future__ import annotations

import os
import tempfile
from types import TracebackType

from forensics.evidence import FileBlob
from forensics.limits import SPOOL_BYTES_MAX


class SpoolFullError(Exception):
    """SPOOL_BYTES_MAX is reached."""


class Spool:
    """An append-only file; `write` pieces, then `blob` gives what was written since `mark`."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="dqlite-forensics-")  # noqa: SIM115 - lives as long as the spool
        self._size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the space back."""
        self._file.close()

    def mark(self) -> int:
        """Where the next piece will go."""
        return self._size

    def write(self, piece: bytes) -> None:
        """Append. Raises SpoolFullError at the limit."""
        if self._size + len(piece) > SPOOL_BYTES_MAX:
            raise SpoolFullError
        view = memoryview(piece)
        while view:
            written = os.pwrite(self._file.fileno(), view, self._size)
            self._size += written
            view = view[written:]

    def blob(self, path: str, mark: int) -> FileBlob:
        """Everything since `mark`, as the content of member `path`."""
        return FileBlob(path, self._size - mark, self._file.fileno(), mark)
