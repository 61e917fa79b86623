"""A restored database, as far as later steps look at it."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.on_disk import SQLITE_HEADER_BYTES, SQLITE_MAGIC

_FRACTIONS = b"\x40\x20\x20"  # payload fractions, which SQLite insists on
_CORRUPT = 11
_NOT_A_DATABASE = 26


@dataclass(frozen=True, slots=True)
class Image:
    """Header and size (in pages) of a database, the WAL included."""

    head: bytes
    pages: int

    def refusal(self) -> int | None:
        """The code that opening it fails with, or None.

        Source: SQLite src/btree.c (lockBtree).
        """
        head = self.head
        if not head.startswith(SQLITE_MAGIC) or head[19] > 2 or head[21:24] != _FRACTIONS:
            return _NOT_A_DATABASE
        size = int.from_bytes(head[16:18], "big")
        if size != 1 and (size < 512 or size & (size - 1)):
            return _NOT_A_DATABASE
        pages = int.from_bytes(head[28:32], "big")
        if head[24:28] == head[92:96] and pages > self.pages:
            return _CORRUPT
        return _NOT_A_DATABASE if (65536 if size == 1 else size) - head[20] < 480 else None


FRESH = Image(SQLITE_MAGIC + b"\x10\0\2\2\0" + _FRACTIONS + bytes(SQLITE_HEADER_BYTES - 24), 1)
