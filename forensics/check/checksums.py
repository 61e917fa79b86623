"""Checksums made right again after a change, so that a fixture can hold what no checksum betrays."""

from __future__ import annotations

import struct

from forensics.crc import crc32

_PREAMBLE = struct.Struct("<IIQ")
_ENTRY = struct.Struct("<QB3xI")


def made_right(content: bytes, path: str) -> bytes:
    """A segment, or a snapshot's `.meta`, with every checksum computed anew from what it protects."""
    return _meta(content) if path.endswith(".meta") else _segment(content)


def _meta(content: bytes) -> bytes:
    size = int.from_bytes(content[24:32], "little")
    return content[:8] + crc32(content[16 : 32 + size]).to_bytes(8, "little") + content[16:]


def _segment(content: bytes) -> bytes:
    data = bytearray(content)
    position = 8
    while position + 16 <= len(data):
        _, _, count = _PREAMBLE.unpack_from(data, position)
        body = position + 16 + 16 * count
        if not count or body > len(data):
            break
        end = body + sum(size for _, _, size in _ENTRY.iter_unpack(data[position + 16 : body]))
        if end > len(data):
            break
        header, payload = crc32(bytes(data[position + 8 : body])), crc32(bytes(data[body:end]))
        _PREAMBLE.pack_into(data, position, header, payload, count)
        position = end
    return bytes(data)
