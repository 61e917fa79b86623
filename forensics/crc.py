"""Raft's CRC-32.

Polynomial 0x04C11DB7, most significant bit first, start 0, no final xor (dqlite src/raft/byte.c, byteCrc32).
fastcrc's `cksum` is the same with a final xor of 0xFFFFFFFF, and runs at memory speed.
"""

from __future__ import annotations

from fastcrc import crc32 as _fast

_ONES = 0xFFFFFFFF
_cksum = _fast.cksum


def crc32(data: bytes | bytearray | memoryview, start: int = 0) -> int:
    """Checksum of `data`, chained on `start` (the checksum of what came before; 0 at the beginning).

    >>> hex(crc32(b"123456789"))
    '0x89a1897f'
    >>> crc32(b"456789", crc32(b"123")) == crc32(b"123456789")
    True
    """
    checksum: int = _cksum(data, start ^ _ONES) ^ _ONES
    return checksum
