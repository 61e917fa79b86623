"""A problem's values in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, IntEnum
from typing import Any

import pytest

from forensics.report.parts.values import plain


class Word(Enum):
    """A word and its value."""

    SHORT_READ = "short-read"


class Number(IntEnum):
    """A number with a name."""

    SEVEN = 7


@dataclass(frozen=True)
class Inner:
    """What a problem may hold."""

    last_index: int | None
    kept: str = field(default="x", repr=False)


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Inner(7), {"lastIndex": 7}),
        ((Inner(None), "n1"), [{"lastIndex": None}, "n1"]),
        ({"pages_lost": (1, 2)}, {"pagesLost": [1, 2]}),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Word.SHORT_READ, "short-read"),
        (Number.SEVEN, 7),
        (datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC), "2026-11-25T01:02:03+00:00"),
        (2**53, 9007199254740992),  # the last that a double has with all its neighbours below
        (2**53 + 1, "9007199254740993"),
        (2**64 - 1, "18446744073709551615"),
        (True, True),
        (None, None),
    ],
)
def test_values(value: object, json: Any) -> None:
    assert plain(value) == json
    assert type(plain(value)) is type(json)
