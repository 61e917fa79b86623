"""One node's log: its range, its segments, its terms, its damage."""

from __future__ import annotations

from typing import Annotated

import msgspec

from forensics.report.document.part import Count, Part, SegmentKind

Byte = Annotated[int, msgspec.Meta(ge=0, le=255)]
Bit = Annotated[int, msgspec.Meta(ge=0, le=7)]


class FlippedBit(Part):
    """One bit whose correction makes a checksum match.

    Attributes:
        offset: of its byte in the file.
        bit: 0 is the lowest.
        stored: the byte as it is.
        corrected: the byte as it was.
        where: in which structure it lies.
        chance_one_in: a wrong correction would match once in so many cases.
    """

    offset: Count
    bit: Bit
    stored: Byte
    corrected: Byte
    where: str
    chance_one_in: int | None = None


class Damage(Part):
    """One bad range of a segment.

    Attributes:
        batch: number of the batch, from 1.
        reason: what is wrong with it.
        offset: of its first byte.
        length: bytes.
        entries: how many it held; null where that is not known.
        salvaged: how many entries behind it can be read.
        looks: what it looks like.
        flipped_bit: where one flipped bit explains it.
        hypothesis: what explains it, in words.
    """

    batch: Count
    reason: str
    offset: Count
    length: Count
    entries: Count | None
    salvaged: Count
    looks: tuple[str, ...]
    flipped_bit: FlippedBit | None
    hypothesis: str | None


class Segment(Part):
    """One segment. What only its content tells is null where just the name is known.

    Attributes:
        name: of the file.
        path: in the input.
        kind: closed or open.
        first_index: of a closed one, what its name says; of an open one, what its first entry must be.
        last_index: of a closed one, what its name says; of an open one, its last entry.
        last_read: the last entry that can be read.
        entries: how many can be read.
        batches: how many can be read.
        size: bytes.
        damaged: it does not hold what its checksums promise.
        stop: why reading stopped.
        stop_offset: where reading stopped.
        damage: its bad ranges.
    """

    name: str
    path: str = ""
    kind: SegmentKind
    first_index: Count | None = None
    last_index: Count | None = None
    last_read: Count | None = None
    entries: Count | None = None
    batches: Count | None = None
    size: Count = 0
    damaged: bool | None = None
    stop: str | None = None
    stop_offset: Count | None = None
    damage: tuple[Damage, ...] = ()


class Band(Part):
    """Entries of one term in one node's log.

    Attributes:
        first_index: the first.
        last_index: the last.
        term: their term.
    """

    first_index: Count
    last_index: Count
    term: Count


class Log(Part):
    """A node's log, as far as its segments tell.

    Attributes:
        first_index: of the first entry.
        last_index: of the last entry.
        last_term: of the last entry; null where only names are known.
        entries: how many; by names, where only these are known.
        bytes: of their payloads; null where only names are known.
        segments: closed ones by index, then open ones.
        terms: ranges of one term.
    """

    first_index: Count
    last_index: Count
    last_term: Count | None
    entries: Count
    bytes: Count | None
    segments: tuple[Segment, ...] = ()
    terms: tuple[Band, ...] = ()
