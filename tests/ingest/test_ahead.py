"""Items made by a thread: the same ones, errors at their place, and no thread that stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from forensics.ingest.ahead import ahead
from forensics.limits import PIECES_AHEAD_MAX

COUNT = 5 * PIECES_AHEAD_MAX


def numbers(count: int, made: list[int] | None = None) -> Iterator[int]:
    for number in range(count):
        if made is not None:
            made.append(number)
        yield number


def failing() -> Iterator[int]:
    yield from numbers(COUNT)
    raise EOFError


def waiting() -> int:
    return sum(thread.name == "ahead" for thread in threading.enumerate())


def test_same_items_in_order() -> None:
    assert list(ahead(numbers(COUNT))) == list(range(COUNT))
    assert waiting() == 0


def test_an_error_comes_behind_what_was_made_before_it() -> None:
    items = ahead(failing())
    assert [next(items) for _ in range(COUNT)] == list(range(COUNT))
    with pytest.raises(EOFError):
        next(items)
    assert waiting() == 0


@pytest.mark.parametrize("taken", [1, PIECES_AHEAD_MAX, COUNT])
def test_closing_ends_the_thread(taken: int) -> None:
    made: list[int] = []
    items = ahead(numbers(1_000_000, made))
    for _ in range(taken):
        next(items)
    items.close()
    assert waiting() == 0
    assert len(made) <= taken + PIECES_AHEAD_MAX + 2  # those that wait, one in hand, one being made
