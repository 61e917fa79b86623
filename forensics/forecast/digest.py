"""The digest of loaded entries, as raft_load.c computes it."""

from __future__ import annotations

import struct

from forensics.crc import combine, crc32
from forensics.forecast.segments import Log, Part

_HEADER = struct.Struct("<3Q")


def entries_digest(log: Log) -> int:
    """The CRC of raft over each entry's term, type and length (64-bit words), then its payload; 0 for no entries."""
    digest = 0
    for part in log.parts:
        digest = _extend(digest, part)
    return digest


def _extend(digest: int, part: Part) -> int:
    """Payloads lie as the library slices a batch: each starts at the next multiple of 8 after the one before.

    Sizes that dqlite writes are multiples of 8, so that is where the entry's own payload lies, whose checksum is known.
    """
    segment = part.segment
    if any(size % 8 for size in segment.sizes):
        return _extend_by_reading(digest, part)
    for term, kind, size, payload in zip(segment.terms, segment.types, segment.sizes, segment.digests, strict=True):
        digest = combine(crc32(_HEADER.pack(term, kind, size), digest), payload, size)
    return digest


def _extend_by_reading(digest: int, part: Part) -> int:
    segment = part.segment
    data = memoryview(part.blob.read(0, segment.good_end))
    batches = iter(segment.firsts)
    next_batch = next(batches, None)
    start = 0
    rows = zip(segment.terms, segment.types, segment.offsets, segment.sizes, strict=True)
    for position, (term, kind, offset, size) in enumerate(rows):
        if position == next_batch:
            start = offset
            next_batch = next(batches, None)
        digest = crc32(_HEADER.pack(term, kind, size), digest)
        if size:
            digest = crc32(data[start : start + size], digest)
            start += size + -size % 8
    return digest
