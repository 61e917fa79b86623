"""The header fields of a segment's batches, of those that are known to be batches.

A good batch is one; a bad one only where its header's checksum holds, or would hold without one flipped bit. What else
stands where a batch should begin may be a payload's bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.evidence import Blob
from forensics.layouts.segment import BATCH_PREAMBLE, BATCH_PREAMBLE_LOCAL, ENTRY_HEADER
from forensics.parsers.bitflip import BitFlip
from forensics.parsers.damage import Damage
from forensics.parsers.segment import Segment, Stop, StopReason
from forensics.report.parts.known_field import KnownField, laid_out

_ENTRY_BYTES = ENTRY_HEADER.sizeof()
_COUNT_AT = 8  # in the preamble, behind both checksums
_HOLDS = {"header_checksum": 0, "data_checksum": 0}


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch: where, which (from 1), how many entries, by what its preamble's fields are off, and its flipped bit."""

    offset: int
    number: int
    entries: int
    disk_format: int | None
    off_by: Mapping[str, int]
    flip: BitFlip | None = None

    def fields(self, start: int, end: int) -> Iterator[KnownField]:
        """Those of the preamble, and those of the entries that the bytes `start` to `end` touch."""
        preamble = BATCH_PREAMBLE_LOCAL if self.disk_format == 2 else BATCH_PREAMBLE
        yield from laid_out(preamble, self.offset, off_by=self.off_by, flip=self.flip, batch=self.number)
        at = self.offset + preamble.sizeof()
        first = max((start - at) // _ENTRY_BYTES, 0)
        last = min(self.entries, max(-((at - end) // _ENTRY_BYTES), 0))
        for entry in range(first, last):
            yield from laid_out(
                ENTRY_HEADER, at + entry * _ENTRY_BYTES, flip=self.flip, batch=self.number, entry=entry + 1
            )


def batch_fields(
    segment: Segment, damage: tuple[Damage, ...], blob: Blob, start: int, end: int
) -> Iterator[KnownField]:
    """All fields around the bytes `start` to `end`, in the order of the file."""
    for batch in _batches(segment, damage, blob, start, end):
        yield from batch.fields(start, end)


def _batches(segment: Segment, damage: tuple[Damage, ...], blob: Blob, start: int, end: int) -> Iterator[_Batch]:
    yield from _good(segment, 1, start, end)
    if not damage:
        yield from _bad(segment.stop, None, segment.format, blob, end)
    for one in damage:
        yield from _bad(one.part.stop, one.flip, segment.format, blob, end)
        yield from _good(one.part.good, one.part.stop.batch + 1, start, end)


def _good(segment: Segment, number: int, start: int, end: int) -> Iterator[_Batch]:
    """The good batches of one stretch that begin before `end`, from the one that `start` lies in."""
    position = max(bisect_right(segment.batches, start) - 1, 0)
    while position < len(segment.batches) and segment.batches[position] < end:
        following = segment.firsts[position + 1] if position + 1 < len(segment.firsts) else len(segment)
        entries = following - segment.firsts[position]
        yield _Batch(segment.batches[position], number + position, entries, segment.format, _HOLDS)
        position += 1


def _bad(stop: Stop, flip: BitFlip | None, disk_format: int | None, blob: Blob, end: int) -> Iterator[_Batch]:
    """What reading stopped at."""
    if stop.offset >= end:
        return
    if stop.entries:  # only where the header's checksum holds
        off_by = {"header_checksum": 0}
        if stop.reason is StopReason.DATA_CHECKSUM:
            off_by["data_checksum"] = stop.stored ^ stop.computed
        yield _Batch(stop.offset, stop.batch, stop.entries, disk_format, off_by, flip)
    elif flip is not None and stop.reason is StopReason.HEADER_CHECKSUM:
        off_by = {"header_checksum": stop.stored ^ stop.computed}
        yield _Batch(stop.offset, stop.batch, _count(blob, stop.offset, flip), disk_format, off_by, flip)


def _count(blob: Blob, offset: int, flip: BitFlip) -> int:
    """How many entries a batch has, with its bit flipped back."""
    raw = bytearray(blob.read(offset + _COUNT_AT, 8))
    at = flip.at.offset - offset - _COUNT_AT
    if 0 <= at < len(raw):
        raw[at] ^= 1 << flip.bit
    return int.from_bytes(raw, "little")
