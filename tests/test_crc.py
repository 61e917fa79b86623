"""Raft's CRC-32 against the vectors of docs/reference/segments.md#test-vectors (computed with libraft's own code)."""

from __future__ import annotations

import pytest

from forensics.crc import crc32


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (bytes(8), 0),
        (b"a", 0xA864DB20),
        (b"123456789", 0x89A1897F),
        (bytes(range(256)), 0xAC148725),
    ],
)
def test_vectors(data: bytes, expected: int) -> None:
    """The library's own answers."""
    assert crc32(data) == expected


def test_chaining() -> None:
    """The checksum of a whole is that of its tail, started from that of its head."""
    data = bytes(range(256))
    assert all(crc32(data[cut:], crc32(data[:cut])) == 0xAC148725 for cut in (1, 8, 100, 255))
