"""Segments, down to batches and entries, both checksums verified: the hot path.

Walks the bytes with `struct` and keeps columns instead of objects, so that a segment of thousands of entries
costs a few dozen bytes an entry. tests/parsers/test_segment_walk.py holds it
equal to layouts/segment.py.
Source: canonical/dqlite src/raft/uv_segment.c (uvLoadEntriesBatch), src/raft/uv_encoding.c;
docs/reference/segments.md#batches; docs/reference/snapshots.md#disk-format-2.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from forensics.crc import crc32
from forensics.evidence import Span
from forensics.limits import BATCH_ENTRIES_MAX

FORMAT_BYTES = 8
_PREAMBLE = struct.Struct("<IIQ")
_ENTRY = struct.Struct("<QB3xI")
_SINGLE = struct.Struct("<IIQQB3xI")  # a batch's preamble and its only entry's header
_ENTRY_BYTES = 16
_LOCAL_DATA_BYTES = 16


class EntryType(IntEnum):
    """The type byte of an entry."""

    COMMAND = 1
    BARRIER = 2
    CHANGE = 3


class StopReason(Enum):
    """Why reading batches ended. Values are stable codes."""

    END = "end"  # the last good batch ends at the end of the file
    ZEROS = "zeros"  # nothing but zero bytes follows: an open segment's unused rest
    EMPTY = "empty"  # no bytes at all
    NO_FORMAT = "no-format"  # 1 to 7 bytes
    FORMAT = "format"  # the format word is not a known one
    COUNT_ZERO = "count-zero"  # a batch that counts no entries, with other bytes after it
    COUNT_HIGH = "count-high"  # a batch that claims more entries than libraft ever accepts
    HEADER_CHECKSUM = "header-checksum"
    DATA_CHECKSUM = "data-checksum"
    ENTRY_TYPE = "entry-type"  # the header checksum holds, but an entry's type is unknown
    SHORT_PREAMBLE = "short-preamble"  # the file ends inside the checksums or the count
    SHORT_HEADER = "short-header"
    SHORT_DATA = "short-data"


BENIGN = frozenset({StopReason.END, StopReason.ZEROS})


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and why reading ended.

    Attributes:
        reason: see StopReason.
        offset: first byte of the batch that is not good (or the end of the file).
        batch: its number, from 1.
        stored, computed: the two values that disagree (checksums, counts, sizes), where there are two.
        end: first byte after the batch, as far as its header tells; else the end of the file.
        entries: how many entries its header claims, where the header checksum holds; else 0.
    """

    reason: StopReason
    offset: int
    batch: int
    stored: int = 0
    computed: int = 0
    end: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One raft entry of a good batch: `offset` and `size` (bytes) locate its payload in the segment."""

    index: int
    term: int
    type: int
    offset: int
    size: int
    digest: int  # raft's CRC-32 of the payload alone


@dataclass(slots=True)
class Segment:
    """All good batches of one segment, up to the first that is not.

    The columns run in parallel, one element an entry; `batches` holds the byte offset of each batch, and
    `firsts` the position of its first entry. A survey (parsers/survey.py) sets `padding`, the bytes of good batches
    that the format leaves unused, and `odd`, the positions of entries whose payload does not decode.
    """

    path: str
    size: int
    format: int | None = None
    batches: array[int] = field(default_factory=lambda: array("Q"))
    firsts: array[int] = field(default_factory=lambda: array("I"))
    terms: array[int] = field(default_factory=lambda: array("Q"))
    types: bytearray = field(default_factory=bytearray)
    offsets: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    digests: array[int] = field(default_factory=lambda: array("I"))
    stop: Stop = field(default=Stop(StopReason.EMPTY, 0, 1))
    padding: int = 0
    odd: array[int] = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        """How many entries were read."""
        return len(self.types)

    @property
    def good_end(self) -> int:
        """First byte after the last good batch."""
        return self.stop.offset

    @property
    def damaged(self) -> bool:
        """Reading stopped before the file's (or its content's) natural end."""
        return self.stop.reason not in BENIGN

    def entry(self, position: int, first_index: int) -> Entry:
        """The entry at `position` (from 0), given the index of the segment's first."""
        return Entry(
            first_index + position,
            self.terms[position],
            self.types[position],
            self.offsets[position],
            self.sizes[position],
            self.digests[position],
        )

    def entries(self, first_index: int) -> Iterator[Entry]:
        """All entries, numbered from `first_index`."""
        rows = zip(self.terms, self.types, self.offsets, self.sizes, self.digests, strict=True)
        for index, (term, kind, offset, size, digest) in enumerate(rows, first_index):
            yield Entry(index, term, kind, offset, size, digest)

    def payload_span(self, position: int) -> Span:
        """Where the payload of the entry at `position` lies."""
        return Span(self.path, self.offsets[position], self.sizes[position])

    def header_span(self, position: int) -> Span:
        """Where the 16 bytes of the entry header at `position` lie: term, type, size."""
        number = bisect_right(self.firsts, position) - 1
        preamble = _PREAMBLE.size + (8 if self.format == 2 else 0)
        offset = self.batches[number] + preamble + _ENTRY_BYTES * (position - self.firsts[number])
        return Span(self.path, offset, _ENTRY_BYTES)

    def stop_span(self) -> Span:
        """The bytes that reading stopped at: the bad batch as far as its extent is known, else the rest of the file."""
        return Span(self.path, self.stop.offset, max(self.stop.end - self.stop.offset, 0))


def parse_segment(data: bytes | memoryview, path: str = "") -> Segment:
    """Read a segment's whole content. Never raises: `stop` says where and why reading ended.

    Args:
        data: the file's bytes.
        path: the member's name, for spans.
    """
    view = memoryview(data)
    segment = Segment(path, len(view))
    if len(view) < FORMAT_BYTES:
        segment.stop = _short_file(view)
        return segment
    segment.format = int.from_bytes(view[:FORMAT_BYTES], "little")
    if segment.format not in (1, 2):
        segment.stop = _bad_format(view, segment.format)
        return segment
    segment.stop = _walk(view, segment, FORMAT_BYTES, 1)
    return segment


def parse_batches(data: bytes | memoryview, path: str, disk_format: int, offset: int, batch: int) -> Segment:
    """Read on from a batch inside a segment, as after damage.

    Args:
        data: the file's bytes, whole; offsets in the result count from its start.
        path: the member's name, for spans.
        disk_format: 1 or 2.
        offset: where the batch starts.
        batch: its number, for `stop`.
    """
    view = memoryview(data)
    segment = Segment(path, len(view), disk_format)
    segment.stop = _walk(view, segment, offset, batch)
    return segment


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
        return Stop(StopReason.SHORT_PREAMBLE, position, number, 0, 16, size)
    return Stop(StopReason.END, position, number, end=size)


def _batch(view: memoryview, segment: Segment, position: int, number: int, local: int) -> int | Stop:
    """Take any one batch; where it ends, or why it is not good."""
    size = len(view)
    start = position + 16
    if start > size:
        return Stop(StopReason.SHORT_PREAMBLE, position, number, size - position, 16, size)
    header_checksum, data_checksum, count = _PREAMBLE.unpack_from(view, position)
    if count == 0:
        reason = StopReason.ZEROS if is_zero(view[position:]) else StopReason.COUNT_ZERO
        return Stop(reason, position, number, end=size)
    if count > BATCH_ENTRIES_MAX:
        return Stop(StopReason.COUNT_HIGH, position, number, count, BATCH_ENTRIES_MAX, size)
    headers = start + (8 if local else 0)  # format 2 has one more word in the header: the size of the local data
    body = headers + count * _ENTRY_BYTES
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
    """Take good batches of one entry, as leaders write them; where they end. What stops it is then read slowly."""
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


def local_data_bytes(disk_format: int | None) -> int:
    """Bytes behind each payload: none in format 1, 16 in format 2 (docs/reference/snapshots.md#disk-format-2)."""
    return _LOCAL_DATA_BYTES if disk_format == 2 else 0


def is_zero(view: bytes | memoryview) -> bool:
    """Every byte is zero. Piece by piece as bytes: comparing memoryviews goes element by element, ten times slower."""
    view = memoryview(view)
    step = len(_ZEROS)
    return all(
        view[at : at + step].tobytes() == _ZEROS[: min(step, len(view) - at)] for at in range(0, len(view), step)
    )


_ZEROS = bytes(64 * 1024)
