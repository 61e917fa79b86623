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
from forensics.parsers.bitflip import BitFlip, Flipped, bits_of, describe_flip, flipped, named, one_bit
from forensics.parsers.salvage import Salvaged, content_end, guess_format, salvage
from forensics.parsers.segment import FORMAT_BYTES, Segment, Stop, StopReason, local_data_bytes

_SECTOR, _BLOCK = 512, 4096
_ENTRY = struct.Struct("<QB3xI")
_COUNT_REASONS = frozenset(
    {StopReason.HEADER_CHECKSUM, StopReason.COUNT_ZERO, StopReason.COUNT_HIGH, StopReason.SHORT_HEADER}
)
_CUTS = frozenset({StopReason.SHORT_PREAMBLE, StopReason.SHORT_HEADER, StopReason.SHORT_DATA})


class Look(Enum):
    """What a stretch looks like. Values are the words of the report."""

    ZEROED = "zeroed blocks"
    CUT = "cut short"
    TORN = "unfinished write"
    BEHIND_END = "data behind the end"
    OLD_CONTENT = "old content"
    FOREIGN_BLOCK = "block of another segment"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that tells what happened, and where it shows."""

    look: Look
    at: Span
    detail: str


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

    def describe(self) -> str:
        """The hypothesis in words; empty where there is none."""
        told = [f"{sign.look.value}: {sign.detail}" for sign in self.signs]
        return "; ".join(([describe_flip(self.flip)] if self.flip else []) + told)


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
                return named(view, segment.path, byte, bit, "the format word", 64)
        return _in_zeros(view, segment.path, 0)
    for byte, bit, where, bits in _candidates(view, disk_format, stop):
        if byte < len(view) and batch_end(Flipped(view, byte, bit), stop.offset, disk_format, len(view)):
            return named(view, segment.path, byte, bit, where, bits)
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


def _candidates(view: memoryview, disk_format: int, stop: Stop) -> Iterator[tuple[int, int, str, int]]:
    """Byte, bit, what it is part of, and how many bits were considered."""
    extra = 8 if disk_format == 2 else 0
    difference = stop.stored ^ stop.computed
    count = int.from_bytes(view[stop.offset + 8 : stop.offset + 16], "little")
    headers = stop.offset + 16 + extra
    body = headers + 16 * count
    if stop.reason is StopReason.DATA_CHECKSUM and stop.end - body <= FLIP_SEARCH_BYTES_MAX:
        bits = 8 * (stop.end - body) + 32
        if (bit := one_bit(difference)) is not None:
            yield stop.offset + 4 + bit // 8, bit % 8, "the stored data checksum", bits
        if found := flipped(difference, range(body, stop.end)):
            yield *found, f"the payload of {_entry_of(view, disk_format, stop, found[0])}", bits
    if stop.reason is StopReason.HEADER_CHECKSUM:
        bits = 8 * (body - stop.offset - 8) + 32
        if (bit := one_bit(difference)) is not None:
            yield stop.offset + bit // 8, bit % 8, "the stored header checksum", bits
        if found := flipped(difference, range(stop.offset + 8, body)):
            yield *found, _header_field(found[0] - stop.offset, extra), bits
    if stop.reason in _COUNT_REASONS:
        for byte, bit in bits_of(stop.offset + 8, 8):
            yield byte, bit, "the number of entries", 64


def _header_field(byte: int, extra: int) -> str:
    """What a byte of a batch's header is, counted from the batch's start."""
    if byte < 16:
        return "the number of entries"
    if byte < 16 + extra:
        return "the size of local data"
    number, at = divmod(byte - 16 - extra, 16)
    field = "the term" if at < 8 else "the type" if at == 8 else "unused bytes" if at < 12 else "the size"
    return f"{field} in the header of entry {number + 1} of the batch"


def _entry_of(view: memoryview, disk_format: int, stop: Stop, byte: int) -> str:
    local = local_data_bytes(disk_format)
    headers = stop.offset + 16 + (8 if local else 0)
    body = headers + 16 * stop.entries
    end = body
    for number, (_, _, size) in enumerate(_ENTRY.iter_unpack(view[headers:body]), 1):
        end += size + local
        if byte < end:
            return f"entry {number} of the batch"
    return "the batch"


def _in_zeros(view: memoryview, path: str, start: int) -> BitFlip | None:
    """The only bit that is set from `start` to the end of the data."""
    last = content_end(view) - 1
    if last < start or content_end(view[start:last]) or (bit := one_bit(view[last])) is None:
        return None
    return BitFlip(Span(path, last, 1), bit, view[last], "bytes that are all zero but for it", None)


# --- other signs ---


def _signs(view: memoryview, part: Salvaged, before: Segment) -> Iterator[Sign]:
    stop, path = part.stop, part.bad.path
    end = content_end(view)
    if stop.reason in _CUTS and end == len(view):
        yield Sign(Look.CUT, Span(path, len(view), 0), f"the file ends at byte {len(view)}{_aligned(len(view))}")
    if stop.reason is StopReason.COUNT_ZERO and not any(view[stop.offset : stop.offset + 16]):
        yield Sign(Look.BEHIND_END, part.bad, f"{end - stop.offset} bytes behind {stop.offset} are not all zero")
    if stop.reason is StopReason.DATA_CHECKSUM and stop.end - end >= _SECTOR:
        detail = f"the last {stop.end - end} bytes of the batch are zero, as is everything behind it"
        yield Sign(Look.TORN, Span(path, end, stop.end - end), detail)
    for start, length in islice(_zero_runs(view, part.bad), DAMAGE_SIGNS_MAX):
        yield Sign(Look.ZEROED, Span(path, start, length), f"{length} zero bytes at {start}{_aligned(start)}")
    if len(part.good) and len(before) and part.good.terms[0] < before.terms[-1]:
        detail = f"behind it come entries of term {part.good.terms[0]}, after one of term {before.terms[-1]}"
        yield Sign(Look.OLD_CONTENT, Span(path, part.good.batches[0], part.good.good_end), detail)


def _zero_runs(view: memoryview, bad: Span) -> Iterator[tuple[int, int]]:
    """Start and length of zeros that look written as blocks: both ends at sectors, or a whole block inside."""
    for run in _ZEROS.finditer(view[bad.offset : bad.offset + bad.length]):
        first, last = bad.offset + run.start(), bad.offset + run.end()
        whole_block = last // _BLOCK * _BLOCK - -(-first // _BLOCK) * _BLOCK >= _BLOCK
        if whole_block or first % _SECTOR == last % _SECTOR == 0:
            yield first, last - first


def _aligned(offset: int) -> str:
    """Where an offset is the boundary of a unit that devices and file systems write."""
    unit = next((size for size in (1 << 20, _BLOCK, _SECTOR) if offset % size == 0), None)
    return f", a multiple of {unit}" if unit and offset else ""


_ZEROS = re.compile(rb"\0{512,}")
