"""Delta debugging: which of many items a question really needs.

Source: A. Zeller and R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on Software
Engineering 28 (2002): halves, then quarters, then smaller parts are taken away, as long as the answer stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, pairwise, takewhile
from typing import TypeVar

T = TypeVar("T")


def _never() -> bool:
    return False


def minimal(items: Sequence[T], holds: Callable[[Sequence[T]], bool], is_over: Callable[[], bool] = _never) -> list[T]:
    """Items of which none can be taken away alone; all of them together hold.

    Args:
        items: in their order, in which they stay.
        holds: whether the answer is the same with these alone.
        is_over: nothing more is to be tried; what is left then may have items that are not needed.
    """
    left = list(items)
    if not left or is_over():
        return left
    if holds(()):
        return []
    parts = 2
    while len(left) > 1 and not is_over():
        fewer = _fewer(left, parts, holds, is_over)
        if fewer is not None:
            left, parts = fewer, max(min(parts - 1, len(fewer)), 2)
        elif parts >= len(left):
            break
        else:
            parts = min(2 * parts, len(left))
    return left


def _fewer(
    items: list[T], parts: int, holds: Callable[[Sequence[T]], bool], is_over: Callable[[], bool]
) -> list[T] | None:
    """One part alone, or all but one; None where each is needed, or the time is over."""
    edges = [len(items) * number // parts for number in range(parts + 1)]
    stretches = list(pairwise(edges))
    alone = (items[start:end] for start, end in stretches)
    without = (items[:start] + items[end:] for start, end in stretches if parts > 2)
    tries = takewhile(lambda _: not is_over(), chain(alone, without))
    return next((one for one in tries if holds(one)), None)
