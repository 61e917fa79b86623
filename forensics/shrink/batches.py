"""Batches of a segment without what their commands write: an entry stays at its index, in its term, and becomes a
barrier, which asks nothing of the databases (docs/reference/segments.md#entry-types).
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from itertools import pairwise

from forensics.crc import crc32
from forensics.on_disk import ENTRY_HEADER_BYTES, FORMAT_BYTES, PREAMBLE_BYTES
from forensics.parsers.salvage import salvage
from forensics.parsers.segment import EntryType, Segment
from forensics.parsers.segment_walk import parse_segment

_ENTRY = struct.Struct("<QB3xI")
_PREAMBLE = struct.Struct("<IIQ")
_BARRIER = bytes(8)


def full_batches(content: bytes) -> list[int]:
    """Where each good batch begins that holds a command."""
    return [start for start, _, has in _batches(content) if has]


def emptied(content: bytes, batches: Collection[int], *, keeps_size: bool) -> bytes:
    """The segment with barriers in place of the commands of these batches.

    Args:
        content: the segment.
        batches: where they begin.
        keeps_size: zeros fill it up again, as in an open segment.
    """
    done, at = [], 0
    for start, end, _ in _batches(content):
        if start in batches:
            done += [content[at:start], _emptied(content[start:end])]
            at = end
    new = b"".join((*done, content[at:]))
    return new.ljust(len(content), b"\0") if keeps_size else new


def _batches(content: bytes) -> Iterator[tuple[int, int, bool]]:
    """Begin and end of each good batch of format 1, and whether there is a command in it."""
    segment = parse_segment(content)
    parts: list[Segment] = [segment]
    if segment.damaged:
        parts += [part.good for part in salvage(content, segment)]
    for good in parts if content[:FORMAT_BYTES] == b"\1".ljust(FORMAT_BYTES, b"\0") else ():
        if len(good):
            ends = pairwise([*good.batches, good.good_end])
            firsts = pairwise([*good.firsts, len(good)])
            for (start, end), (first, last) in zip(ends, firsts, strict=True):
                yield start, end, EntryType.COMMAND in good.types[first:last]


def _emptied(batch: bytes) -> bytes:
    count = int.from_bytes(batch[8:PREAMBLE_BYTES], "little")
    body = PREAMBLE_BYTES + ENTRY_HEADER_BYTES * count
    headers, payloads, at = [], [], body
    for term, kind, size in _ENTRY.iter_unpack(batch[PREAMBLE_BYTES:body]):
        payload = batch[at : at + size]
        at += size
        if kind == EntryType.COMMAND:
            kind, payload = EntryType.BARRIER, _BARRIER  # noqa: PLW2901 - the entry as it becomes
        headers.append(_ENTRY.pack(term, kind, len(payload)))
        payloads.append(payload)
    head, data = b"".join(headers), b"".join(payloads)
    counted = count.to_bytes(8, "little") + head
    return _PREAMBLE.pack(crc32(counted), crc32(data), count) + head + data
