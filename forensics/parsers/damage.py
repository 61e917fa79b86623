"""What damage in a segment looks like, from its bytes: a flipped bit, zeroed blocks, a cut, a torn write, old content.

Everything here is a reading of the bytes that are left, and so a hypothesis; a flipped bit is only named where the
batch verifies with it flipped back.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from forensics.evidence import Span
from forensics.limits import BATCH_ENTRIES_MAX, DAMAGE_SIGNS_MAX, FLIP_SEARCH_BYTES_MAX
from forensics.on_disk import FORMAT_BYTES
from forensics.parsers.bitflip import BitFlip, Candidate, Field, Flipped, Part, bits_of, flipped, named, one_bit
from forensics.parsers.salvage import Salvaged, content_end, guess_format, salvage
from forensics.parsers.segment import Segment, Stop, StopReason, local_data_bytes

_SECTOR, _BLOCK = 512, 4096
_ENTRY = struct.Struct("<QB3xI")
_COUNT_REASONS = frozenset(
    {StopReason.HEADER_CHECKSUM, StopReason.COUNT_ZERO, StopReason.COUNT_HIGH, StopReason.SHORT_HEADER}
)
_CUTS = frozenset({StopReason.SHORT_PREAMBLE, StopReason.SHORT_HEADER, StopReason.SHORT_DATA})


class Look(Enum):
    """What a stretch looks like. Values are stable codes; forensics/rules/damage_words.py says them in words."""

    ZEROED = "zeroed"  # whole blocks of zeros
    CUT = "cut"  # the file ends too early
    TORN = "torn"  # the end of a write never reached the file
    BEHIND_END = "behind-end"  # more than zeros follows the last batch
    OLD_CONTENT = "old-content"  # entries of an earlier term follow
    FOREIGN_BLOCK = "foreign-block"  # a block that another segment holds too


@dataclass(frozen=True, slots=True)
class Promise:
    """How many entries a closed segment holds, and how many its name promises."""

    held: int
    promised: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Of the last entry before a bad stretch, and of the first one behind it."""

    before: int
    behind: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where else the same block lies: name of the segment, and offset in it in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that tells what happened.

    Attributes:
        look: what it looks like.
        at: where it shows: the zeros (zeroed, torn), the end of the file (cut), all behind the last batch (behind-end),
            the batches of an earlier term (old-content), the block (foreign-block).
        told_by: what else tells it: of a closed segment that agrees with its checksums but not with its name, the
            numbers of entries; of old content, the terms; of a block, its source.
    """

    look: Look
    at: Span
    told_by: Promise | Terms | Source | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """One bad stretch: what was salvaged behind it, and what it looks like.

    Attributes:
        part: the stretch, and the batches behind it.
        flip: the one bit that explains it, if one does.
        signs: of anything else; may be empty: then nothing but the checksum tells.
    """

    part: Salvaged
    flip: BitFlip | None
    signs: tuple[Sign, ...]


def examine(data: bytes | memoryview, segment: Segment) -> tuple[Damage, ...]:
    """Every bad stretch of a segment, explained as far as its bytes allow. Empty for a sound one."""
    view = memoryview(data)
    before = segment
    found = []
    for part in salvage(view, segment):
        flip = find_flip(view, segment, part.stop)
        found.append(Damage(part, flip, () if flip else tuple(_signs(view, part, before))))
        before = part.good if len(part.good) else before
    return tuple(found)


# --- single flipped bits ---


def find_flip(view: memoryview, segment: Segment, stop: Stop) -> BitFlip | None:
    """The one bit of a bad batch (or of the format word, or of the zeros behind the end) that explains it, or None."""
    disk_format = segment.format if segment.format in (1, 2) else guess_format(view)
    if stop.reason is StopReason.FORMAT:
        for byte, bit in bits_of(0, 8):
            patched = Flipped(view, byte, bit)
            if patched.word(0) in (1, 2) and batch_end(patched, FORMAT_BYTES, patched.word(0), len(view)):
                return named(view, segment.path, (byte, bit, Field(Part.FORMAT), 64))
        return _in_zeros(view, segment.path, 0)
    for candidate in _candidates(view, disk_format, stop):
        byte, bit, *_ = candidate
        if byte < len(view) and batch_end(Flipped(view, byte, bit), stop.offset, disk_format, len(view)):
            return named(view, segment.path, candidate)
    return _in_zeros(view, segment.path, stop.offset) if stop.reason in _COUNT_REASONS else None


def batch_end(patched: Flipped, offset: int, disk_format: int, size: int) -> int | None:
    """Where the batch at `offset` ends, if both of its checksums hold and all entry types are known; else None."""
    local = local_data_bytes(disk_format)
    headers = offset + 16 + (8 if local else 0)
    count = patched.word(offset + 8)
    body = headers + 16 * count
    if not 0 < count <= BATCH_ENTRIES_MAX or body > size:
        return None
    if patched.crc(offset + 8, body) != patched.word(offset, 4):
        return None
    entries = list(_ENTRY.iter_unpack(patched.read(headers, body)))
    end = body + sum(entry[2] for entry in entries) + local * count
    if end > size or any(not 1 <= kind <= 3 for _, kind, _ in entries):
        return None
    return end if patched.crc(body, end) == patched.word(offset + 4, 4) else None


def _candidates(view: memoryview, disk_format: int, stop: Stop) -> Iterator[Candidate]:
    extra = 8 if disk_format == 2 else 0
    difference = stop.stored ^ stop.computed
    count = int.from_bytes(view[stop.offset + 8 : stop.offset + 16], "little")
    headers = stop.offset + 16 + extra
    body = headers + 16 * count
    if stop.reason is StopReason.DATA_CHECKSUM and stop.end - body <= FLIP_SEARCH_BYTES_MAX:
        bits = 8 * (stop.end - body) + 32
        if (bit := one_bit(difference)) is not None:
            yield stop.offset + 4 + bit // 8, bit % 8, Field(Part.DATA_CHECKSUM), bits
        if found := flipped(difference, range(body, stop.end)):
            yield *found, Field(Part.PAYLOAD, _entry_of(view, disk_format, stop, found[0])), bits
    if stop.reason is StopReason.HEADER_CHECKSUM:
        bits = 8 * (body - stop.offset - 8) + 32
        if (bit := one_bit(difference)) is not None:
            yield stop.offset + bit // 8, bit % 8, Field(Part.HEADER_CHECKSUM), bits
        if found := flipped(difference, range(stop.offset + 8, body)):
            yield *found, _header_field(found[0] - stop.offset, extra), bits
    if stop.reason in _COUNT_REASONS:
        for byte, bit in bits_of(stop.offset + 8, 8):
            yield byte, bit, Field(Part.ENTRY_COUNT), 64


def _header_field(byte: int, extra: int) -> Field:
    """What a byte of a batch's header is, counted from the batch's start."""
    if byte < 16:
        return Field(Part.ENTRY_COUNT)
    if byte < 16 + extra:
        return Field(Part.LOCAL_DATA_SIZE)
    number, at = divmod(byte - 16 - extra, 16)
    part = Part.TERM if at < 8 else Part.TYPE if at == 8 else Part.UNUSED if at < 12 else Part.SIZE
    return Field(part, number + 1)


def _entry_of(view: memoryview, disk_format: int, stop: Stop, byte: int) -> int | None:
    """Number in the batch of the entry whose payload holds the byte."""
    local = local_data_bytes(disk_format)
    headers = stop.offset + 16 + (8 if local else 0)
    body = headers + 16 * stop.entries
    end = body
    for number, (_, _, size) in enumerate(_ENTRY.iter_unpack(view[headers:body]), 1):
        end += size + local
        if byte < end:
            return number
    return None


def _in_zeros(view: memoryview, path: str, start: int) -> BitFlip | None:
    """The only bit that is set from `start` to the end of the data."""
    last = content_end(view) - 1
    if last < start or content_end(view[start:last]) or (bit := one_bit(view[last])) is None:
        return None
    return BitFlip(Span(path, last, 1), bit, view[last], Field(Part.ZEROS), None)


# --- other signs ---


def _signs(view: memoryview, part: Salvaged, before: Segment) -> Iterator[Sign]:
    stop, path = part.stop, part.bad.path
    end = content_end(view)
    if stop.reason in _CUTS and end == len(view):
        yield Sign(Look.CUT, Span(path, len(view), 0))
    if stop.reason is StopReason.COUNT_ZERO and not any(view[stop.offset : stop.offset + 16]):
        yield Sign(Look.BEHIND_END, Span(path, stop.offset, end - stop.offset))
    if stop.reason is StopReason.DATA_CHECKSUM and stop.end - end >= _SECTOR:
        yield Sign(Look.TORN, Span(path, end, stop.end - end))
    for start, length in islice(_zero_runs(view, part.bad), DAMAGE_SIGNS_MAX):
        yield Sign(Look.ZEROED, Span(path, start, length))
    if len(part.good) and len(before) and part.good.terms[0] < before.terms[-1]:
        terms = Terms(before.terms[-1], part.good.terms[0])
        first = part.good.batches[0]
        yield Sign(Look.OLD_CONTENT, Span(path, first, part.good.good_end - first), terms)


def _zero_runs(view: memoryview, bad: Span) -> Iterator[tuple[int, int]]:
    """Start and length of zeros that look written as blocks: both ends at sectors, or a whole block inside."""
    for run in _ZEROS.finditer(view[bad.offset : bad.offset + bad.length]):
        first, last = bad.offset + run.start(), bad.offset + run.end()
        whole_block = last // _BLOCK * _BLOCK - -(-first // _BLOCK) * _BLOCK >= _BLOCK
        if whole_block or first % _SECTOR == last % _SECTOR == 0:
            yield first, last - first


_ZEROS = re.compile(rb"\0{512,}")
