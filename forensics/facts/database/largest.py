"""The largest few of many, without keeping the others in memory."""

from __future__ import annotations

from heapq import heappush, heapreplace
from typing import Generic, TypeVar

T = TypeVar("T")


class Largest(Generic[T]):
    """Keeps the `count` largest of what is pushed; of equal ones the first."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._heap: list[tuple[int, int, T]] = []  # the second number is never equal, so that things are not compared
        self._pushed = 0

    def push(self, size: int, thing: T) -> None:
        """Take one more, and drop it if it is not among the largest."""
        self._pushed += 1
        if len(self._heap) < self._count:
            heappush(self._heap, (size, -self._pushed, thing))
        elif size > self._heap[0][0]:
            heapreplace(self._heap, (size, -self._pushed, thing))

    def found(self) -> list[tuple[int, T]]:
        """Sizes and things, the largest first."""
        return [(size, thing) for size, _, thing in sorted(self._heap, key=lambda kept: kept[:2], reverse=True)]
