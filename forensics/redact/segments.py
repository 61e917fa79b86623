"""Segments, rewritten batch by batch; their entries' payloads replaced, checksums computed anew.

A checksum that was wrong stays wrong by the same difference: raft's CRC is linear, so whatever explained the old one
explains the new one. Where one flipped bit explains it, the bit is flipped back first, and flipped again in the copy:
what is sound below it is replaced as it is everywhere else. A stretch that cannot be read is blank but for its zeros.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

from forensics.crc import crc32
from forensics.evidence import Span
from forensics.on_disk import ENTRY_HEADER_BYTES, FORMAT_BYTES, PREAMBLE_BYTES
from forensics.parsers.command import Frames, Undo, parse_command
from forensics.parsers.damage import examine
from forensics.parsers.salvage import Salvaged, guess_format, salvage
from forensics.parsers.segment import EntryType, Segment, local_data_bytes
from forensics.parsers.segment_walk import parse_segment
from forensics.redact.configurations import cleaned_configuration
from forensics.redact.pages import Pages
from forensics.redact.stale import blank

_ENTRY = struct.Struct("<QBxxxI")
_COMMAND_BYTES = 8
_FRAMES = struct.Struct("<QIBxxxIHxx")


def cleaned_segment(data: bytes, pages: Pages) -> bytes:
    """A closed or open segment, as long as it was."""
    segment = parse_segment(data)
    if not segment.damaged:
        return _cleaned(data, segment, (), pages)
    flips = [damage.flip for damage in examine(data, segment) if damage.flip is not None]
    sound = bytearray(data)
    for flip in flips:
        sound[flip.at.offset] ^= 1 << flip.bit
    whole = bytes(sound)
    segment = parse_segment(whole)
    new = bytearray(_cleaned(whole, segment, salvage(whole, segment), pages))
    for flip in flips:
        new[flip.at.offset] ^= 1 << flip.bit
    return bytes(new)


def _cleaned(data: bytes, segment: Segment, parts: tuple[Salvaged, ...], pages: Pages) -> bytes:
    if not any(data):
        return data
    disk_format = segment.format if segment.format in (1, 2) else guess_format(memoryview(data))
    new = bytearray(blank(data))
    if segment.format in (1, 2):
        new[:FORMAT_BYTES] = data[:FORMAT_BYTES]
    for part in parts:
        _bad(data, new, part, disk_format, pages)
    for good in (segment, *(part.good for part in parts)):
        for start, end in _extents(good):
            _batch(data, new, start, end, disk_format, pages)
    return bytes(new)


def _extents(segment: Segment) -> Iterator[tuple[int, int]]:
    """Where each good batch begins and ends."""
    return pairwise([*segment.batches, segment.good_end]) if len(segment) else iter(())


def _bad(data: bytes, new: bytearray, part: Salvaged, disk_format: int, pages: Pages) -> None:
    """A stretch that does not verify: by what its header says where that holds, else its checksums and count alone."""
    start, end = part.bad.offset, part.bad.offset + part.bad.length
    pages.texts.counts["stretches that cannot be read"] += 1
    if part.stop.entries:
        _batch(data, new, start, part.stop.end, disk_format, pages)
        return
    if end - start < PREAMBLE_BYTES or part.stop.offset < FORMAT_BYTES:
        return
    count = int.from_bytes(data[start + 8 : start + 16], "little")
    body = start + PREAMBLE_BYTES + (8 if disk_format == 2 else 0) + ENTRY_HEADER_BYTES * count
    if body <= len(data):
        new[start + 8 : start + 16] = data[start + 8 : start + 16]
        _checksum(data, new, start, start + 8, body)


def _batch(data: bytes, new: bytearray, start: int, end: int, disk_format: int, pages: Pages) -> None:
    """A batch whose header holds; its end may be missing."""
    local = local_data_bytes(disk_format)
    count = int.from_bytes(data[start + 8 : start + 16], "little")
    headers = start + PREAMBLE_BYTES + (8 if local else 0)
    body = headers + ENTRY_HEADER_BYTES * count
    new[start + 8 : headers] = data[start + 8 : headers]
    at = body
    for number in range(count):
        header = headers + ENTRY_HEADER_BYTES * number
        term, kind, size = _ENTRY.unpack_from(data, header)
        unused = new[header + 9 : header + 12]
        _ENTRY.pack_into(new, header, term, kind, size)
        new[header + 9 : header + 12] = unused
        payload = data[at : at + size]
        new[at : at + len(payload)] = _payload(kind, payload, pages)
        at += size + local
    _checksum(data, new, start, start + 8, body)
    _checksum(data, new, start + 4, body, end)


def _checksum(data: bytes, new: bytearray, at: int, start: int, end: int) -> None:
    """The checksum at `at` over the bytes from `start` to `end`: as right or as wrong as it was."""
    difference = int.from_bytes(data[at : at + 4], "little") ^ crc32(data[start:end])
    new[at : at + 4] = (crc32(bytes(new[start:end])) ^ difference).to_bytes(4, "little")


def _payload(kind: int, payload: bytes, pages: Pages) -> bytes:
    if kind == EntryType.CHANGE:
        return cleaned_configuration(payload, pages.texts)
    return _command(payload, pages) if kind == EntryType.COMMAND else blank(payload)


def _command(payload: bytes, pages: Pages) -> bytes:
    command = parse_command(payload, Span("")).value
    new = bytearray(blank(payload))
    if command is None:
        pages.texts.counts["commands that cannot be read"] += bool(payload)
        return bytes(new)
    new[:2] = payload[:2]  # format and type
    if isinstance(command, Undo):
        new[_COMMAND_BYTES : _COMMAND_BYTES + 8] = payload[_COMMAND_BYTES : _COMMAND_BYTES + 8]
        return bytes(new)
    name_end = payload.index(b"\0", _COMMAND_BYTES)
    new[_COMMAND_BYTES:name_end] = pages.texts.prose(payload[_COMMAND_BYTES:name_end])
    if isinstance(command, Frames):
        at = _COMMAND_BYTES + (name_end - _COMMAND_BYTES + 8) // 8 * 8
        _frames(payload, new, at, command, pages)
    return bytes(new)


def _frames(payload: bytes, new: bytearray, at: int, frames: Frames, pages: Pages) -> None:
    fields = _FRAMES.unpack_from(payload, at)
    unused = bytes(new[at : at + _FRAMES.size])
    _FRAMES.pack_into(new, at, *fields)
    for first, last in ((13, 16), (22, 24)):
        new[at + first : at + last] = unused[first:last]
    start = at + _FRAMES.size
    new[start : start + 8 * len(frames.numbers)] = payload[start : start + 8 * len(frames.numbers)]
    start += 8 * frames.claimed
    pages.together({number: bytes(page) for number, page in frames.pages()})
    for number, page in frames.pages():
        new[start : start + len(page)] = pages.cleaned(bytes(page), number)
        start += len(page)
