"""How much of a segment's good batches means something: what is padding in them, and which entries do not decode.

Padding is what the format leaves unused: bytes that are uninitialised memory in some versions, and zero in others. A
frames command of the usual shape is told by its numbers alone; only what does not fit them is read in full.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import replace

from forensics.evidence import Span
from forensics.parsers.command import Frames, parse_command
from forensics.parsers.configuration import parse_configuration
from forensics.parsers.segment import EntryType, Segment, local_data_bytes

_ENTRY_UNUSED = 3  # of an entry's header
_HEADER_UNUSED = 6  # of a command's header
_FRAMES_UNUSED = 5  # of the header of frames
_USUAL = struct.Struct("<BB6x8sQIBxxxIHxx")  # frames of a database whose name takes one word
_COMMAND, _BARRIER = int(EntryType.COMMAND), int(EntryType.BARRIER)


def surveyed(view: memoryview, segment: Segment) -> Segment:
    """The segment with `padding` and `odd` of its good batches, whose file is `view`."""
    padding = len(segment) * (_ENTRY_UNUSED + local_data_bytes(segment.format))
    odd = array("I")
    for position, (kind, offset, size) in enumerate(zip(segment.types, segment.offsets, segment.sizes, strict=True)):
        if kind == _COMMAND and size >= _USUAL.size:  # the common case, without a call
            version, command, name, _, _, _, pages, page_size = _USUAL.unpack_from(view, offset)
            if version == 1 and command == 2 and 0 in name and size == _USUAL.size + pages * (8 + page_size):
                padding += _HEADER_UNUSED + _FRAMES_UNUSED
                continue
        unused = _unused(kind, view[offset : offset + size], segment.payload_span(position))
        if unused is None:
            odd.append(position)
        else:
            padding += unused
    return replace(segment, padding=padding, odd=odd)


def _unused(kind: int, payload: memoryview, at: Span) -> int | None:
    """Unused bytes of an entry's payload; None where it does not decode. A barrier's payload means nothing at all."""
    if kind == _BARRIER:
        return len(payload)
    return _command(payload, at) if kind == _COMMAND else _configuration(payload, at)


def _command(payload: memoryview, at: Span) -> int | None:
    """Unused bytes of a command; None where it does not decode, or not as a whole."""
    parsed = parse_command(payload, at)
    if not parsed.whole:
        return None
    return _HEADER_UNUSED + (_FRAMES_UNUSED if isinstance(parsed.value, Frames) else 0)


def _configuration(payload: memoryview, at: Span) -> int | None:
    parsed = parse_configuration(bytes(payload), at)
    return len(payload) - parsed.value.used if parsed.value is not None and parsed.whole else None
