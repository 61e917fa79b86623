"""What a segment holds: entries as columns, the batches that they lie in, and why reading ended.

Columns instead of objects, so that a segment of thousands of entries costs a few dozen bytes an entry.
parsers/segment_walk.py reads it. docs/reference/segments.md#batches; docs/reference/snapshots.md#disk-format-2.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from forensics.evidence import Span
from forensics.on_disk import ENTRY_HEADER_BYTES, LOCAL_DATA_BYTES, PREAMBLE_BYTES


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


@dataclass(frozen=True, slots=True, eq=False)
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
        preamble = PREAMBLE_BYTES + (8 if self.format == 2 else 0)
        offset = self.batches[number] + preamble + ENTRY_HEADER_BYTES * (position - self.firsts[number])
        return Span(self.path, offset, ENTRY_HEADER_BYTES)

    def stop_span(self) -> Span:
        """The bytes that reading stopped at: the bad batch as far as its extent is known, else the rest of the file."""
        return Span(self.path, self.stop.offset, max(self.stop.end - self.stop.offset, 0))


def local_data_bytes(disk_format: int | None) -> int:
    """Bytes behind each payload: none in format 1, 16 in format 2 (docs/reference/snapshots.md#disk-format-2)."""
    return LOCAL_DATA_BYTES if disk_format == 2 else 0


def is_zero(view: bytes | memoryview) -> bool:
    """Whether every byte is zero. Compares pieces as bytes: memoryviews go element by element, ten times slower."""
    view = memoryview(view)
    step = len(_ZEROS)
    return all(
        view[at : at + step].tobytes() == _ZEROS[: min(step, len(view) - at)] for at in range(0, len(view), step)
    )


_ZEROS = bytes(64 * 1024)
