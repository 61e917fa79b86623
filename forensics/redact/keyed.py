"""Choices that follow from a key alone: the same key and the same question, the same answer, on every machine."""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_left
from collections.abc import Callable, Sequence

KEY_BYTES_MIN = 16


class Key:
    """A secret, and the numbers that follow from it. Without it nobody can tell what a pseudonym stands for."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def digest(self, *about: bytes) -> bytes:
        """32 bytes. The parts are told apart: `a`, `bc` is another question than `ab`, `c`."""
        message = b"".join(len(part).to_bytes(8, "big") + part for part in about)
        return hmac.digest(self._secret, message, hashlib.sha256)

    def below(self, bound: int, *about: bytes) -> int:
        """A number from 0 to `bound` - 1."""
        return int.from_bytes(self.digest(*about), "big") % bound


def increasing(choices: Sequence[Sequence[int]], pick: Callable[[int, int], int]) -> list[int]:
    """One number of each of the choices, each greater than the one before.

    Args:
        choices: sorted; there is at least one way to choose so.
        pick: asked for the position in `choices` and a bound: a number below it.
    """
    latest: list[int] = []  # of each, from the last on: the greatest that leaves room for those behind it
    for one in reversed(choices):
        end = bisect_left(one, latest[-1]) if latest else len(one)
        latest.append(one[end - 1])
    chosen: list[int] = []
    for position, (one, last) in enumerate(zip(choices, reversed(latest), strict=True)):
        first = bisect_left(one, chosen[-1] + 1) if chosen else 0
        room = bisect_left(one, last) + 1 - first
        chosen.append(one[first + pick(position, room)])
    return chosen
