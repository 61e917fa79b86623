"""XXH32 of a few bytes, for making an LZ4 header's checksum right again.

Source: the xxHash specification (XXH32, inputs below 16 bytes, seed 0).
"""

from __future__ import annotations

_P1, _P2, _P3, _P4, _P5 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1
_MASK = 0xFFFFFFFF


def xxh32(data: bytes) -> int:
    """The hash of fewer than 16 bytes.

    >>> hex(xxh32(b""))
    '0x2cc5d05'
    """
    if len(data) >= 16:
        raise ValueError("only the short form is here")
    value = _P5 + len(data)
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        value = _rotate(value + int.from_bytes(data[at : at + 4], "little") * _P3, 17) * _P4 & _MASK
    for byte in data[whole:]:
        value = _rotate(value + byte * _P5, 11) * _P1 & _MASK
    value = (value ^ value >> 15) * _P2 & _MASK
    value = (value ^ value >> 13) * _P3 & _MASK
    return value ^ value >> 16


def _rotate(value: int, by: int) -> int:
    value &= _MASK
    return (value << by | value >> 32 - by) & _MASK
