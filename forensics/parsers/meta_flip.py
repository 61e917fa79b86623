"""The one flipped bit that explains a damaged snapshot `.meta`, if one does.

The checksum covers the configuration index, the configuration's size and the configuration; the format word and the
upper half of the checksum's word have one right value each. (metadata1 and metadata2, and the snapshot's data, carry
no checksum of raft: a flipped bit there cannot be named. LZ4 frames have a content checksum, but xxHash is not linear.)
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.limits import CONFIGURATION_BYTES_MAX
from forensics.on_disk import META_HEADER_BYTES
from forensics.parsers.bitflip import BitFlip, Candidate, Field, Flipped, Part, bits_of, flipped, named, one_bit
from forensics.parsers.configuration import parse_configuration

_FORMAT, _CHECKSUM, _COVERED, _SIZE = 0, 8, 16, 24


def find_meta_flip(data: bytes, path: str) -> BitFlip | None:
    """The bit that has to be flipped back for the whole file to verify; None where no single one does it."""
    view = memoryview(data)
    if len(view) < META_HEADER_BYTES:
        return None
    for candidate in _candidates(view):
        byte, bit, *_ = candidate
        if _verifies(Flipped(view, byte, bit), len(view)):
            return named(view, path, candidate)
    return None


def _candidates(view: memoryview) -> Iterator[Candidate]:
    for byte, bit in bits_of(_FORMAT, 8):
        yield byte, bit, Field(Part.FORMAT), 64
    for byte, bit in bits_of(_CHECKSUM + 4, 4):
        yield byte, bit, Field(Part.CHECKSUM_UPPER_HALF), 64
    for byte, bit in bits_of(_SIZE, 8):
        yield byte, bit, Field(Part.CONFIGURATION_SIZE), 64
    end = _end(Flipped(view, 0, 0))
    if end is None or end > len(view):
        return
    as_stored = Flipped(view, 0, 0)  # byte 0 is not covered: these are the checksums as they stand
    difference = as_stored.word(_CHECKSUM, 4) ^ as_stored.crc(_COVERED, end)
    bits = 8 * (end - _COVERED) + 32
    if (bit_of_checksum := one_bit(difference)) is not None:
        yield _CHECKSUM + bit_of_checksum // 8, bit_of_checksum % 8, Field(Part.CHECKSUM), bits
    if found := flipped(difference, range(_COVERED, end)):
        yield *found, Field(Part.CONFIGURATION_INDEX if found[0] < _SIZE else Part.CONFIGURATION), bits


def _end(patched: Flipped) -> int | None:
    size = patched.word(_SIZE)
    return META_HEADER_BYTES + size if 0 < size <= CONFIGURATION_BYTES_MAX else None


def _verifies(patched: Flipped, size: int) -> bool:
    end = _end(patched)
    # A flipped format word could come from 1 or from 2: every release writes 1.
    formats = (1,) if patched.byte < _CHECKSUM else (1, 2)
    if end is None or end > size or patched.word(_FORMAT) not in formats or patched.word(_CHECKSUM + 4, 4):
        return False
    if patched.crc(_COVERED, end) != patched.word(_CHECKSUM, 4):
        return False
    return parse_configuration(patched.read(META_HEADER_BYTES, end), Span("")).value is not None
