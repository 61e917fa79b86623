"""A state directory in memory, and the small tools that damage it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

CLOSED = re.compile(r"^\d{16}-\d{16}$")
OPEN = re.compile(r"^open-\d+$")
SNAPSHOT = re.compile(r"^snapshot-\d+-\d+-\d+$")
META = re.compile(r"^snapshot-\d+-\d+-\d+\.meta$")
METADATA = re.compile(r"^metadata[12]$")

U64 = (1 << 64) - 1

State = dict[str, bytes | None]  # name to content; None is a sub-directory
Operation = Callable[[random.Random, State], None]


def names(state: State, *patterns: re.Pattern[str]) -> list[str]:
    """Files that match, sorted, pattern by pattern."""
    return [name for pattern in patterns for name in sorted(state) if pattern.match(name) and state[name] is not None]


def pick(r: random.Random, state: State, *patterns: re.Pattern[str]) -> str | None:
    """One of the matching files."""
    found = names(state, *patterns)
    return r.choice(found) if found else None


def edit(state: State, name: str | None, change: Callable[[bytearray], bytes | bytearray]) -> None:
    """Replace a file's content by what `change` makes of it."""
    if name is not None:
        state[name] = bytes(change(bytearray(state[name] or b"")))


def move(state: State, name: str, to: str) -> None:
    """Rename."""
    state[to] = state.pop(name)


def apply(
    r: random.Random, base: State, counts: Sequence[int], draw: Callable[[], Operation]
) -> tuple[State, list[str]]:
    """A damaged copy, and the names of the operations: one of `counts` many, each drawn when its turn comes."""
    state = dict(base)
    done = []
    for _ in range(r.choice(counts)):
        operation = draw()
        operation(r, state)
        done.append(operation.__name__)
    return state, done
