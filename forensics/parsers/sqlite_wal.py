"""The write-ahead log inside a snapshot of dqlite 1.16 and older, read as a stream.

Every frame up to the last one that commits counts; what follows it never happened
(docs/reference/snapshots.md#snapshot-data; docs/reference/commands.md#rebuilding-a-database). Frame checksums are not
computed: dqlite 1.18.5 and later do not check them either, and the snapshot has a checksum of its own.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from forensics.limits import WAL_MEMORY_BYTES_MAX
from forensics.private_file import Overflow

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">4I8x")
MAGICS = (0x377F0682, 0x377F0683)
WAL_HEADER_BYTES, FRAME_HEADER_BYTES = _HEADER.size, _FRAME.size
PAGE_SIZES = tuple(1 << power for power in range(9, 17))  # 512 to 65536


class WalReader:
    """Takes a WAL file piece by piece (`feed`) and hands on the pages of each transaction as it commits.

    Args:
        write: called with page number (from 1) and content, in order; a later one replaces an earlier.

    Attributes:
        page_size: None before the header was read, or where it is none.
        database_pages: the size that the last commit gave the database; None before the first.
        dropped: frames behind the last commit.
        trouble: why reading stopped early, or empty.
    """

    def __init__(self, write: Callable[[int, bytes], None]) -> None:
        self._write = write
        self._left = bytearray()
        self._salts: tuple[int, int] | None = None
        self._pending = Overflow(WAL_MEMORY_BYTES_MAX)
        self._numbers: list[int] = []
        self.page_size: int | None = None
        self.database_pages: int | None = None
        self.trouble = ""

    @property
    def dropped(self) -> int:
        """Frames that no commit followed."""
        return len(self._numbers)

    def feed(self, piece: bytes) -> None:
        """The next bytes of the file."""
        if self.trouble:
            return
        self._left += piece
        at = 0
        if self._salts is None:
            if len(self._left) < _HEADER.size:
                return
            if not self._read_header():
                return
            at = _HEADER.size
        whole = _FRAME.size + (self.page_size or 0)
        while at + whole <= len(self._left) and self._frame(at):
            at += whole
        del self._left[:at]

    def finish(self) -> None:
        """No more bytes come."""
        if not self.trouble and self._left:
            self.trouble = f"the WAL ends inside a frame, {len(self._left)} bytes into it"
        self._pending.clear()

    def _read_header(self) -> bool:
        magic, _, page_size, _, salt1, salt2, _, _ = _HEADER.unpack_from(self._left)
        self._salts = salt1, salt2
        if magic not in MAGICS or page_size not in PAGE_SIZES:
            self.trouble = f"not a WAL header: magic {magic:08x}, page size {page_size}"
            return False
        self.page_size = page_size
        return True

    def _frame(self, at: int) -> bool:
        number, commit, salt1, salt2 = _FRAME.unpack_from(self._left, at)
        if (salt1, salt2) != self._salts or number == 0:
            self.trouble = f"a frame for page {number} carries salts that are not its file's"
            return False
        body = at + _FRAME.size
        self._numbers.append(number)
        self._pending.append(self._left[body : body + (self.page_size or 0)])
        if commit:
            self.database_pages = commit
            self._commit()
        return True

    def _commit(self) -> None:
        size = self.page_size or 0
        for position, number in enumerate(self._numbers):
            self._write(number, self._pending.read(position * size, size))
        self._numbers.clear()
        self._pending.clear()
