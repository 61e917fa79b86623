"""Reading segments, down to batches and entries, both checksums verified: the hot path.

Walks the bytes with `struct`; tests/parsers/test_segment_walk.py holds it equal to layouts/segment.py.
Source: canonical/dqlite src/raft/uv_segment.c (uvLoadEntriesBatch), src/raft/uv_encoding.c;
docs/reference/segments.md#batches; docs/reference/snapshots.md#disk-format-2.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from forensics.crc import crc32
from forensics.limits import BATCH_ENTRIES_MAX
from forensics.on_disk import ENTRY_HEADER_BYTES, FORMAT_BYTES, PREAMBLE_BYTES
from forensics.parsers.segment import (
    Segment,
    Stop,
    StopReason,
    is_zero,
    local_data_bytes,
)

_PREAMBLE = struct.Struct("<IIQ")
_ENTRY = struct.Struct("<QB3xI")
_SINGLE = struct.Struct("<IIQQB3xI")  # a batch's preamble and its only entry's header


def parse_segment(data: bytes | memoryview, path: str = "") -> Segment:
    """Read a segment's whole content. Never raises: `stop` says where and why reading ended.

    Args:
        data: the file's bytes.
        path: the file's name, for spans.
    """
    view = memoryview(data)
    if len(view) < FORMAT_BYTES:
        return Segment(path, len(view), stop=_short_file(view))
    disk_format = int.from_bytes(view[:FORMAT_BYTES], "little")
    if disk_format not in (1, 2):
        return Segment(path, len(view), disk_format, stop=_bad_format(view, disk_format))
    return parse_batches(view, path, disk_format, FORMAT_BYTES, 1)


def parse_batches(data: bytes | memoryview, path: str, disk_format: int, offset: int, batch: int) -> Segment:
    """Read on from a batch inside a segment, as after damage.

    Args:
        data: the file's bytes, whole; offsets in the result count from its start.
        path: the file's name, for spans.
        disk_format: 1 or 2.
        offset: where the batch starts.
        batch: its number, for `stop`.
    """
    view = memoryview(data)
    columns = Segment(path, len(view), disk_format)
    return replace(columns, stop=_walk(view, columns, offset, batch))


def _short_file(view: memoryview) -> Stop:
    reason = StopReason.NO_FORMAT if len(view) else StopReason.EMPTY
    return Stop(reason, 0, 1, stored=len(view), computed=FORMAT_BYTES, end=len(view))


def _bad_format(view: memoryview, value: int) -> Stop:
    if value == 0 and is_zero(view):
        return Stop(StopReason.ZEROS, 0, 1, end=len(view))
    return Stop(StopReason.FORMAT, 0, 1, stored=value, computed=1, end=len(view))


def _walk(view: memoryview, segment: Segment, position: int, number: int) -> Stop:
    """Append batches to the columns, from the one at `position` on, until one is not good."""
    size = len(view)
    start = position
    local = local_data_bytes(segment.format)
    while position < size:
        if not local:
            position = _singles(view, segment, position)
        if position < size:
            read = _batch(view, segment, position, number + len(segment.batches), local)
            if isinstance(read, Stop):
                return read
            position = read
    number += len(segment.batches)
    if start == position == FORMAT_BYTES:  # at least one batch is expected: libraft reads on and meets the end
        return Stop(StopReason.SHORT_PREAMBLE, position, number, 0, PREAMBLE_BYTES, size)
    return Stop(StopReason.END, position, number, end=size)


def _batch(view: memoryview, segment: Segment, position: int, number: int, local: int) -> int | Stop:
    """Append the batch at `position`; where it ends, or why it is not good."""
    size = len(view)
    start = position + PREAMBLE_BYTES
    if start > size:
        return Stop(StopReason.SHORT_PREAMBLE, position, number, size - position, PREAMBLE_BYTES, size)
    header_checksum, data_checksum, count = _PREAMBLE.unpack_from(view, position)
    if count == 0:
        reason = StopReason.ZEROS if is_zero(view[position:]) else StopReason.COUNT_ZERO
        return Stop(reason, position, number, end=size)
    if count > BATCH_ENTRIES_MAX:
        return Stop(StopReason.COUNT_HIGH, position, number, count, BATCH_ENTRIES_MAX, size)
    headers = start + (8 if local else 0)  # format 2 has one more word in the header: the size of the local data
    body = headers + count * ENTRY_HEADER_BYTES
    if body > size:
        return Stop(StopReason.SHORT_HEADER, position, number, size - start, body - start, size)
    computed = crc32(view[position + 8 : body])
    if computed != header_checksum:
        return Stop(StopReason.HEADER_CHECKSUM, position, number, header_checksum, computed, size)
    entries = list(_ENTRY.iter_unpack(view[headers:body]))
    length = sum(entry[2] for entry in entries) + local * count
    end: int = body + length
    if any(not 1 <= entry[1] <= 3 for entry in entries):  # libraft looks at types before it looks at data
        return Stop(StopReason.ENTRY_TYPE, position, number, end=min(end, size), entries=count)
    if end > size:
        return Stop(StopReason.SHORT_DATA, position, number, size - body, length, size, count)
    computed = crc32(view[body:end])
    if computed != data_checksum:
        return Stop(StopReason.DATA_CHECKSUM, position, number, data_checksum, computed, end, count)
    segment.batches.append(position)
    segment.firsts.append(len(segment.types))
    _append(view, segment, entries, body, local, computed if count == 1 and not local else None)
    return end


def _singles(view: memoryview, segment: Segment, position: int) -> int:
    """Append good batches of one entry, as leaders write them; where they end. _batch then reads what stopped it."""
    batch, first, term = segment.batches.append, segment.firsts.append, segment.terms.append
    type_, offset, length, digest = (
        segment.types.append, segment.offsets.append, segment.sizes.append, segment.digests.append,
    )  # fmt: skip
    unpack, header, last = _SINGLE.unpack_from, _SINGLE.size, len(view) - _SINGLE.size
    taken = len(segment.types)
    while position <= last:
        header_checksum, data_checksum, count, its_term, kind, size = unpack(view, position)
        body = position + header
        end = body + size
        if count != 1 or not 1 <= kind <= 3 or end > segment.size:
            break
        if crc32(view[position + 8 : body]) != header_checksum or crc32(view[body:end]) != data_checksum:
            break
        batch(position)
        first(taken)
        term(its_term)
        type_(kind)
        offset(body)
        length(size)
        digest(data_checksum)
        taken += 1
        position = end
    return position


def _append(
    view: memoryview,
    segment: Segment,
    entries: list[tuple[int, int, int]],
    body: int,
    local: int,
    digest: int | None,
) -> None:
    """Add a good batch's entries to the columns. `digest` is known where the batch's checksum is the entry's."""
    for term, kind, size in entries:
        segment.terms.append(term)
        segment.types.append(kind)
        segment.offsets.append(body)
        segment.sizes.append(size)
        segment.digests.append(crc32(view[body : body + size]) if digest is None else digest)
        body += size + local
