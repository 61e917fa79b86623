"""Every kind of damage has its words, and they carry the numbers."""

from __future__ import annotations

import pytest

from forensics.evidence import Span
from forensics.parsers.bitflip import BitFlip, Field, Part
from forensics.parsers.damage import Look, Promise, Sign, Source, Terms
from forensics.rules.damage_words import Explanation, field_words, flip_words, sign_words


@pytest.mark.parametrize("part", list(Part))
def test_every_part_has_words(part: Part) -> None:
    assert field_words(Field(part))


@pytest.mark.parametrize(
    ("sign", "told"),
    [
        (Sign(Look.ZEROED, Span("s", 8192, 4096)), ("4 KiB from byte 8192 on", "a multiple of 4 KiB")),
        (Sign(Look.ZEROED, Span("s", 9000, 512), Promise(7, 10)), ("from byte 9000 on", "7 of the 10 entries")),
        (Sign(Look.CUT, Span("s", 1 << 20, 0)), ("at byte 1048576", "a multiple of 1 MiB")),
        (Sign(Look.CUT, Span("s", 0, 9000), Promise(7, 10)), ("at byte 9000", "7 of the 10 entries")),
        (Sign(Look.TORN, Span("s", 9000, 700)), ("the last 700 bytes of the batch",)),
        (Sign(Look.BEHIND_END, Span("s", 9000, 700)), ("700 bytes from byte 9000 on",)),
        (Sign(Look.BEHIND_END, Span("s", 0, 9000), Promise(11, 10)), ("11 entries", "promises 10")),
        (Sign(Look.OLD_CONTENT, Span("s", 9000, 64), Terms(5, 3)), ("of term 3 follow one of term 5",)),
        (
            Sign(Look.FOREIGN_BLOCK, Span("s", 8192, 4096), Source("0000000000000011-0000000000000020", 40_960)),
            ("8192 to 12288", "byte 40960 of segment 11–20"),
        ),
    ],
)
def test_signs_carry_their_numbers(sign: Sign, told: tuple[str, ...]) -> None:
    assert all(piece in sign_words(sign) for piece in told)


def test_a_flip_names_byte_bit_and_odds() -> None:
    flip = BitFlip(Span("s", 20_000, 1), 5, 0b0010_0001, Field(Part.PAYLOAD, 2), 32_616)
    words = flip_words(flip)
    for piece in ("byte 20000 (the payload of entry 2 of the batch)", "0x21 instead of 0x01", "bit 5", "32616"):
        assert piece in words
    assert Explanation(flip).spans == (Span("s", 20_000, 1),)


def test_nothing_known_says_nothing() -> None:
    assert Explanation().words() == ""
