"""Closed segments made anew, from pieces of any nodes' segments.

Entries keep index, term, type and payload; batches are made new, and with them their checksums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from forensics.crc import crc32
from forensics.errors import InputError
from forensics.layouts.segment import BATCH_HEADER, FORMAT
from forensics.on_disk import SEGMENT_BYTES
from forensics.parsers.segment import Entry
from forensics.repair.contents import MadeFile, Making, Taken, changes_of_bits
from forensics.repair.pieces import Piece

_BATCH_ENTRIES = 64
_BATCH_BYTES = 1024 * 1024  # of one batch, unless one entry alone has more

Content = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One entry to be written: its payload too."""

    term: int
    type: int
    payload: bytes


def closed_name(first: int, last: int) -> str:
    """As raft names it."""
    return f"{first:016d}-{last:016d}"


def segments_of(pieces: Sequence[Piece]) -> list[MadeFile]:
    """Closed segments with all entries of these pieces, which follow each other; none larger than raft's own."""
    return [_segment(group) for group in _groups(pieces)]


def _groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces by the segment that they go into; cut where it is full."""
    group: list[Piece] = []
    room = SEGMENT_BYTES
    for piece in pieces:
        first = piece.first
        for index in range(piece.first, piece.last + 1):
            size = piece.segment.sizes[index - piece.start] + 32  # its header, and its share of the batch's
            if size > room and (group or index > first):
                if index > first:
                    group.append(piece.clipped(first, index - 1))
                yield group
                group, room, first = [], SEGMENT_BYTES, index
            room -= size
        group.append(piece.clipped(first, piece.last))
    if group:
        yield group


def _segment(pieces: list[Piece]) -> MadeFile:
    name = closed_name(pieces[0].first, pieces[-1].last)
    taken = tuple(
        Taken(piece.node, piece.blob, piece.first, piece.last, changes_of_bits(piece.bits)) for piece in pieces
    )
    return MadeFile(name, Making.ENTRIES, partial(_content, tuple(pieces)), taken)


def _content(pieces: tuple[Piece, ...]) -> Iterator[bytes]:
    return segment_bytes(entry for piece in pieces for entry in _entries(piece))


def segment_bytes(entries: Iterator[NewEntry]) -> Iterator[bytes]:
    """A whole segment, batch by batch."""
    yield bytes(FORMAT.build(1))
    batch: list[NewEntry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == _BATCH_ENTRIES or size + len(entry.payload) > _BATCH_BYTES):
            yield _batch(batch)
            batch, size = [], 0
        batch.append(entry)
        size += len(entry.payload)
    if batch:
        yield _batch(batch)


def _batch(entries: Sequence[NewEntry]) -> bytes:
    data = b"".join(entry.payload for entry in entries)
    headers = [
        {"term": entry.term, "type": entry.type, "unused": bytes(3), "size": len(entry.payload)} for entry in entries
    ]
    fields = {"header_checksum": 0, "data_checksum": crc32(data), "count": len(entries), "entries": headers}
    header = bytes(BATCH_HEADER.build(fields))
    return crc32(header[8:]).to_bytes(4, "little") + header[4:] + data


def _entries(piece: Piece) -> Iterator[NewEntry]:
    for index in range(piece.first, piece.last + 1):
        entry = piece.segment.entry(index - piece.start, piece.start)
        yield NewEntry(entry.term, entry.type, _payload(piece, entry))


def _payload(piece: Piece, entry: Entry) -> bytes:
    """With known bits set back. Raises InputError where it is no longer what was checked."""
    payload = bytearray(piece.blob.read(entry.offset, entry.size))
    for bit in piece.bits:
        at = bit.at.offset - entry.offset
        if 0 <= at < len(payload):
            payload[at] ^= 1 << bit.bit
    if len(payload) != entry.size or crc32(payload) != entry.digest:
        raise InputError(piece.blob.path, "changed while it was read")
    return bytes(payload)
