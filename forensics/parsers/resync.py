"""Find the next sound batch behind a bad one: it tells a torn tail from damage in the middle of a segment."""

from __future__ import annotations

import struct

from forensics.crc import crc32
from forensics.limits import BATCH_ENTRIES_MAX

_PREAMBLE = struct.Struct("<IIQ")


def next_batch(data: bytes | memoryview, start: int) -> int | None:
    """Offset of the first batch at or behind `start` whose header checksum holds; None where there is none.

    Batches lie on multiples of 8 (FACTS 1.5). A word that could be a count is a candidate only where an entry of a
    known type follows it, and then the checksum decides: chance gives one in four thousand million.
    """
    view = memoryview(data)
    start += -start % 8
    words = view[start : len(view) - (len(view) - start) % 8].cast("Q")
    for position, count in enumerate(words[1:]):
        if not 0 < count <= BATCH_ENTRIES_MAX or position + 3 >= len(words) or not 1 <= words[position + 3] & 0xFF <= 3:
            continue
        offset = start + 8 * position
        end = offset + 16 + 16 * count
        if end <= len(view) and crc32(view[offset + 8 : end]) == _PREAMBLE.unpack_from(view, offset)[0]:
            return offset
    return None
