"""Raft's CRC-32.

Polynomial 0x04C11DB7, most significant bit first, start 0, no final xor (dqlite src/raft/byte.c, byteCrc32;
docs/reference/segments.md#checksum).
fastcrc's `cksum` is the same with a final xor of 0xFFFFFFFF, and runs at memory speed.
"""

from __future__ import annotations

from fastcrc import crc32 as _fast

POLYNOMIAL = 0x04C11DB7
_ONES = 0xFFFFFFFF
_TOP = 1 << 31
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


def combine(first: int, second: int, length: int) -> int:
    """Checksum of two pieces together, from those of each and the second one's length in bytes: nothing is read again.

    >>> combine(crc32(b"123"), crc32(b"456789"), 6) == crc32(b"123456789")
    True
    """
    while length > 0:  # zeros in a processor's cache go through faster than any content
        step = min(length, len(_ZEROS))
        first = crc32(_ZEROS[:step], first)
        length -= step
    return first ^ second


def multiply(left: int, right: int) -> int:
    """Product of two remainders modulo the polynomial (bit i stands for x^i)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left = left << 1 & _ONES ^ (POLYNOMIAL if left & _TOP else 0)
        right >>= 1
    return product


_ZEROS = memoryview(bytes(64 * 1024))
