"""What a damaged segment still holds: behind a bad batch, go on where the next header checksum holds.

Batches carry no mark and no number. But each starts at a multiple of 8 (every size is one), and its header has a
checksum of its own, so a batch that was found by trying is one: a chance match has odds of one in four milliards.
What is lost in between is an unknown number of entries, unless the bad batch's own header holds.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from forensics.crc import crc32
from forensics.evidence import Span
from forensics.limits import BATCH_ENTRIES_MAX, RESYNC_CHECKSUM_BYTES_MAX, SALVAGED_PARTS_MAX
from forensics.on_disk import FORMAT_BYTES
from forensics.parsers.segment import Entry, Segment, Stop, StopReason, local_data_bytes
from forensics.parsers.segment_walk import parse_batches

_WORD = 8
_SECTOR = 512  # the smallest block that raft writes in, and the unit that devices lose
_WORDS_AT_ONCE = 8192
_HEADER = struct.Struct("<QB3xI")
_NOTHING_BEHIND = frozenset({StopReason.END, StopReason.ZEROS, StopReason.EMPTY, StopReason.NO_FORMAT})


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A bad stretch of a segment, and the good batches behind it.

    Attributes:
        stop: why reading ended at the bad stretch.
        bad: its bytes.
        lost: how many entries it held; None where its header does not hold.
        suspects: those entries as the header describes them, `index` counting from 0; payloads not to be trusted.
        good: the batches behind it; empty where nothing more was found, or the next one is bad too.
    """

    stop: Stop
    bad: Span
    lost: int | None
    suspects: tuple[Entry, ...]
    good: Segment


def salvage(data: bytes | memoryview, segment: Segment) -> tuple[Salvaged, ...]:
    """Every bad stretch of a segment with what lies behind it, in file order. Empty where there is none."""
    view = memoryview(data)
    disk_format = segment.format if segment.format in (1, 2) else guess_format(view)
    finder = Finder(view, disk_format)
    parts: list[Salvaged] = []
    stop = segment.stop
    while stop.reason not in _NOTHING_BEHIND and len(parts) < SALVAGED_PARTS_MAX:
        resume = _resume_at(finder, stop)
        if resume < len(view):
            good = parse_batches(view, segment.path, disk_format, resume, stop.batch + 1)
        else:
            nothing = Stop(StopReason.END, resume, stop.batch + 1, end=resume)
            good = Segment(segment.path, len(view), disk_format, stop=nothing)
        end = resume if resume < len(view) else content_end(view)
        bad = Span(segment.path, stop.offset, max(end - stop.offset, 0))
        suspects = _suspects(view, disk_format, stop)
        parts.append(Salvaged(stop, bad, _lost(stop, resume), suspects, good))
        stop = good.stop
    return tuple(parts)


def is_unwritten(data: bytes | memoryview, offset: int) -> bool:
    """The sector that the batch at `offset` starts in holds the end of the batch before it, and only zeros behind.

    A write fills its first block anew, with that end and the new header (docs/reference/segments.md#open-segments):
    such a sector was not reached by the write of this batch, which therefore never completed. What erases a whole
    sector takes the end of the batch before along.
    """
    end = -(-offset // _SECTOR) * _SECTOR
    return end > offset and not any(data[offset:end])


def _lost(stop: Stop, resume: int) -> int | None:
    """How many entries a bad stretch held, where that is known."""
    if stop.reason is StopReason.FORMAT:
        return 0 if resume == FORMAT_BYTES else None
    return stop.entries if stop.entries and resume == stop.end else None


def place(parts: tuple[Salvaged, ...], following: int | None, last: int | None) -> list[int | None]:
    """Index of the first entry behind each bad stretch; None where it is unknown.

    Args:
        parts: of one segment.
        following: index of the first entry that the first bad stretch held.
        last: index of the segment's last entry, from the name of a closed one.
    """
    places: list[int | None] = []
    for part in parts:
        following = None if following is None or part.lost is None else following + part.lost
        places.append(following)
        following = None if following is None else following + len(part.good)
    if not parts or last is None or not _ends_whole(parts[-1]):
        return places
    end = last + 1  # the file ends with its last entry: count back from it
    for number in reversed(range(len(parts))):
        end -= len(parts[number].good)
        if places[number] is None:
            places[number] = end
        lost = parts[number].lost
        if lost is None:
            break
        end -= lost
    return places


class Finder:
    """Looks for batches by trying. All searches in one segment share one bound on the bytes that are checksummed."""

    def __init__(self, view: memoryview, disk_format: int) -> None:
        self._view = view
        self._format = disk_format
        self._budget = RESYNC_CHECKSUM_BYTES_MAX

    def holds(self, offset: int) -> bool:
        """A batch starts at `offset`, by its header checksum."""
        size = header_bytes(self._view, self._format, offset)
        if size is None or size > self._budget:
            return False
        self._budget -= size
        return header_holds(self._view, offset, size)

    def find(self, start: int) -> int:
        """The first multiple of 8 from `start` on where a batch starts; the end of the data where none does."""
        first = -(-start // _WORD) * _WORD + _WORD  # of the counts, which lie a word behind their batch's start
        end = len(self._view) - len(self._view) % _WORD
        for block in range(first, end, _WORD * _WORDS_AT_ONCE):
            size = min(_WORDS_AT_ONCE, (end - block) // _WORD)
            words = struct.unpack_from(f"<{size}Q", self._view, block)
            for position in [at for at, word in enumerate(words) if 0 < word <= BATCH_ENTRIES_MAX]:
                offset = block + position * _WORD - _WORD
                if self.holds(offset):
                    return offset
        return len(self._view)


def header_bytes(view: memoryview, disk_format: int, offset: int) -> int | None:
    """Bytes of the header of the batch that may start at `offset`, checksums included; None where it cannot be one."""
    if offset + 32 > len(view):
        return None
    count = int.from_bytes(view[offset + 8 : offset + 16], "little")
    headers = offset + 16 + (8 if disk_format == 2 else 0)
    if not 0 < count <= BATCH_ENTRIES_MAX or headers + 16 * count > len(view):
        return None
    term, kind, _ = _HEADER.unpack_from(view, headers)
    return headers + 16 * count - offset if term and 1 <= kind <= 3 else None


def header_holds(view: memoryview, offset: int, size: int) -> bool:
    """The header checksum of the batch at `offset`, whose header has `size` bytes, is right."""
    return crc32(view[offset + 8 : offset + size]) == int.from_bytes(view[offset : offset + 4], "little")


def _ends_whole(part: Salvaged) -> bool:
    """The last batch ends where the file ends: nothing was cut off."""
    return part.good.stop.reason is StopReason.END and part.stop.reason is not StopReason.SHORT_DATA


def content_end(view: memoryview) -> int:
    """First byte behind the last one that is not zero."""
    end, step = len(view), 64 * 1024
    while end > 0:
        start = max(end - step, 0)
        kept = len(view[start:end].tobytes().rstrip(b"\0"))
        if kept:
            return start + kept
        end = start
    return 0


def guess_format(view: memoryview) -> int:
    """The format by which the first batch's header checksum holds; 1 where neither does."""
    return next((number for number in (1, 2) if Finder(view, number).holds(FORMAT_BYTES)), 1)


def _resume_at(finder: Finder, stop: Stop) -> int:
    """Where to go on: behind the bad batch where its header tells its end, else at the next header that holds."""
    if stop.reason is StopReason.FORMAT:
        return finder.find(FORMAT_BYTES)
    return finder.find(stop.end if stop.entries else stop.offset + _WORD)


def _suspects(view: memoryview, disk_format: int, stop: Stop) -> tuple[Entry, ...]:
    """The entries of a bad batch whose header holds."""
    if not stop.entries:
        return ()
    local = local_data_bytes(disk_format)
    headers = stop.offset + 16 + (8 if local else 0)
    body = headers + 16 * stop.entries
    entries = []
    for position, (term, kind, size) in enumerate(_HEADER.iter_unpack(view[headers:body])):
        entries.append(Entry(position, term, kind, body, size, 0))
        body += size + local
    return tuple(entries)
