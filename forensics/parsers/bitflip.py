"""Which single flipped bit would explain a checksum that does not hold.

Raft's CRC is linear: stored xor computed depends only on which bits differ, not on the data. A single flipped bit that
lies `d` bits before the end of the covered bytes leaves x^(d + 32) modulo the polynomial. The polynomial is primitive,
so each difference is the power of x for exactly one d below 2^32 - 1, and baby-step giant-step finds it in some
thousand steps. A difference of one bit alone is a flip in the stored checksum itself.

Every difference has some such d; it means something only where it is inside the covered bytes. For random damage that
happens at random with odds of `bits covered / 2^32`: see BitFlip.odds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from math import isqrt

from forensics.crc import POLYNOMIAL, crc32, multiply
from forensics.evidence import Span

_MASK = 0xFFFFFFFF
_TOP = 1 << 31
_INVERSE_OF_X = (POLYNOMIAL >> 1) | _TOP  # x * this = 1 modulo the polynomial, whose last term is 1


class Part(Enum):
    """What a flipped byte is part of. Values are stable codes; forensics/rules/damage_words.py says them in words."""

    FORMAT = "format"  # the file's first word
    HEADER_CHECKSUM = "header-checksum"  # from here on: of a batch of a segment
    DATA_CHECKSUM = "data-checksum"
    ENTRY_COUNT = "entry-count"
    LOCAL_DATA_SIZE = "local-data-size"
    TERM = "term"
    TYPE = "type"
    UNUSED = "unused"
    SIZE = "size"
    PAYLOAD = "payload"
    ZEROS = "zeros"  # behind the last batch
    CHECKSUM = "checksum"  # from here on: of a snapshot's .meta
    CHECKSUM_UPPER_HALF = "checksum-upper-half"
    CONFIGURATION_SIZE = "configuration-size"
    CONFIGURATION_INDEX = "configuration-index"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Field:
    """What a byte is part of, and of which entry of its batch (from 1); None where it is of none."""

    part: Part
    entry: int | None = None


Candidate = tuple[int, int, Field, int]
"""A byte's offset, a bit in it, what the byte is part of, and how many bits come into question."""


@dataclass(frozen=True, slots=True)
class BitFlip:
    """A hypothesis: this one bit was flipped. With it flipped back, everything verifies.

    Attributes:
        at: the byte.
        bit: its number in the byte, 0 the least significant.
        stored: the byte as it is on disk.
        field: what the byte is part of.
        odds: damage of another kind looks like this once in so many cases; None where no checksum tells.
    """

    at: Span
    bit: int
    stored: int
    field: Field
    odds: int | None

    @property
    def corrected(self) -> int:
        """The byte as it would have been."""
        return self.stored ^ (1 << self.bit)


def one_bit(difference: int) -> int | None:
    """The number of the only bit that is set; None where there are more or none."""
    return difference.bit_length() - 1 if difference and difference & (difference - 1) == 0 else None


def distance_from_end(difference: int, bits: int) -> int | None:
    """How many bits before the end of the covered bytes the flipped bit lies; None where no single one explains it.

    Args:
        difference: stored xor computed checksum.
        bits: how many are covered.

    >>> from forensics.crc import POLYNOMIAL, crc32, multiply
    >>> distance_from_end(crc32(b"123456789") ^ crc32(b"023456789"), 72)  # 0x31 and 0x30: the first byte's last bit
    64
    """
    if difference == 0 or bits <= 0:
        return None
    steps = 1 << max((isqrt(bits - 1)).bit_length(), 4)
    baby = _baby_steps(steps)
    tables = _division_tables(steps)
    value = difference
    for giant in range(0, bits, steps):
        found = baby.get(value)
        if found is not None:
            return giant + found if giant + found < bits else None
        low, high = tables[0][value & 255] ^ tables[1][value >> 8 & 255], tables[2][value >> 16 & 255]
        value = low ^ high ^ tables[3][value >> 24]
    return None


def flipped(difference: int, covered: range) -> tuple[int, int] | None:
    """Offset of the byte and number of the bit in it, for a checksum over the bytes `covered`."""
    distance = distance_from_end(difference, 8 * len(covered))
    return None if distance is None else (covered[-1 - distance // 8], distance % 8)


def bits_of(start: int, size: int) -> Iterator[tuple[int, int]]:
    """Byte and bit of each bit of the `size` bytes from `start` on."""
    return ((start + bit // 8, bit % 8) for bit in range(8 * size))


def named(view: memoryview, path: str, candidate: Candidate) -> BitFlip:
    """A candidate that verified, found among bits that are under a checksum."""
    byte, bit, field, bits = candidate
    return BitFlip(Span(path, byte, 1), bit, view[byte], field, (1 << 32) // bits)


class Flipped:
    """The data as they would be with one bit flipped back; nothing is copied."""

    def __init__(self, view: memoryview, byte: int, bit: int) -> None:
        self._view = view
        self.byte = byte
        self.bit = bit
        self._corrected = bytes([view[byte] ^ (1 << bit)])

    def crc(self, start: int, end: int) -> int:
        """Raft's checksum of bytes `start` to `end`."""
        if not start <= self.byte < end:
            return crc32(self._view[start:end])
        head = crc32(self._corrected, crc32(self._view[start : self.byte]))
        return crc32(self._view[self.byte + 1 : end], head)

    def read(self, start: int, end: int) -> bytes:
        """Bytes `start` to `end`."""
        got = bytearray(self._view[start:end])
        if start <= self.byte < end:
            got[self.byte - start : self.byte - start + 1] = self._corrected
        return bytes(got)

    def word(self, start: int, size: int = 8) -> int:
        """A little-endian number."""
        return int.from_bytes(self.read(start, start + size), "little")


def _power(base: int, exponent: int) -> int:
    result = 1
    while exponent:
        if exponent & 1:
            result = multiply(result, base)
        base = multiply(base, base)
        exponent >>= 1
    return result


@cache
def _baby_steps(steps: int) -> dict[int, int]:
    """The differences that the last `steps` bits leave: distance by difference."""
    value, table = _power(2, 32), {}
    for distance in range(steps):
        table[value] = distance
        value = value << 1 & _MASK ^ (POLYNOMIAL if value & _TOP else 0)
    return table


@cache
def _division_tables(steps: int) -> tuple[tuple[int, ...], ...]:
    """Division by x^steps, a byte at a time: four tables to look up and add."""
    divisor = _power(_INVERSE_OF_X, steps)
    return tuple(tuple(multiply(divisor, byte << shift) for byte in range(256)) for shift in (0, 8, 16, 24))
