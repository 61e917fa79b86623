"""Delta debugging finds exactly what is needed, and asks few questions about much."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from forensics.shrink.reduce import minimal


@given(st.integers(0, 60), st.data())
def test_what_is_left_is_what_is_needed(count: int, data: st.DataObject) -> None:
    needed = data.draw(st.sets(st.integers(0, count - 1), max_size=6)) if count else set()
    assert minimal(range(count), lambda some: needed <= set(some)) == sorted(needed)


def test_one_of_a_thousand_takes_some_twenty_questions() -> None:
    """Halving 1000 items takes ten rounds of at most two questions, and one asks whether anything is needed."""
    asked: list[int] = []

    def holds(some: Sequence[int]) -> bool:
        asked.append(len(some))
        return 700 in some

    assert minimal(range(1000), holds) == [700]
    assert len(asked) <= 21


def test_nothing_is_asked_when_the_time_is_over() -> None:
    """After ten questions of a million items; what was needed is still there."""
    asked: list[int] = []

    def holds(some: Sequence[int]) -> bool:
        asked.append(len(some))
        return {0, 999_999} <= set(some)

    left = minimal(range(1_000_000), holds, lambda: len(asked) >= 10)
    assert len(asked) == 10
    assert {0, 999_999} <= set(left)


def test_of_what_needs_each_other_nothing_goes() -> None:
    assert minimal("abc", lambda some: len(some) == 3) == ["a", "b", "c"]
