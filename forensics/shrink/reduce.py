"""Delta debugging: which of many items a question really needs.

Source: A. Zeller and R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on Software
Engineering 28 (2002): halves, then quarters, then smaller parts are taken away, as long as the answer stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def minimal(items: Sequence[T], holds: Callable[[Sequence[T]], bool]) -> list[T]:
    """Items of which none can be taken away alone; all of them together hold.

    Args:
        items: in their order, in which they stay.
        holds: whether the answer is the same with these alone.
    """
    left = list(items)
    if not left or holds(()):
        return []
    parts = 2
    while len(left) > 1:
        fewer = _fewer(left, parts, holds)
        if fewer is not None:
            left, parts = fewer, max(min(parts - 1, len(fewer)), 2)
        elif parts >= len(left):
            break
        else:
            parts = min(2 * parts, len(left))
    return left


def _fewer(items: list[T], parts: int, holds: Callable[[Sequence[T]], bool]) -> list[T] | None:
    """One part alone, or all but one; None where each is needed."""
    edges = [len(items) * number // parts for number in range(parts + 1)]
    stretches = list(pairwise(edges))
    alone = (items[start:end] for start, end in stretches)
    without = (items[:start] + items[end:] for start, end in stretches if parts > 2)
    return next((one for tried in (alone, without) for one in tried if holds(one)), None)
