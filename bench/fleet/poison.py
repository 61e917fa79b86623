"""A child that some inputs hang, blow up or kill, by their names: `poison-hang-7.tar`. `python -m bench.fleet.poison`.

The program is bounded against every input that we know, so that only a made error shows what an unknown one does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from enum import StrEnum

from forensics.fleet import child
from forensics.fleet.model import Made

MARK = "poison-"
LIGHT = "--light"
"""Loads nothing ahead: for tests in which most children judge nothing."""
_PIECE = 64 * 1024 * 1024


class Poison(StrEnum):
    """What an input does."""

    HANG = "hang"
    BOMB = "bomb"
    CRASH = "crash"
    EXIT = "exit"
    ERROR = "error"
    GARBAGE = "garbage"  # bytes that are no upload: the program's own business


def _hang() -> None:
    threading.Event().wait()


def _bomb() -> None:
    held = []
    while True:
        held.append(bytearray(_PIECE))


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _exit() -> None:
    os._exit(7)


def _error() -> None:
    raise ArithmeticError


_DOES: dict[Poison, Callable[[], None]] = {
    Poison.HANG: _hang,
    Poison.BOMB: _bomb,
    Poison.CRASH: _crash,
    Poison.EXIT: _exit,
    Poison.ERROR: _error,
}


def _poisons(paths: tuple[bytes, ...]) -> Iterator[Callable[[], None]]:
    names = [os.fsdecode(os.path.basename(path)) for path in paths]
    yield from (does for poison, does in _DOES.items() if any(name.startswith(MARK + poison) for name in names))


def _nothing() -> None:
    """Loads nothing ahead."""


def main() -> None:
    """Serve as the real child does, but for poison."""
    judged = child.judged

    def poisoned(request: child.Request) -> Made:
        for does in _poisons(request.paths):
            does()
        return judged(request)

    child.judged = poisoned
    child.main(_nothing if LIGHT in sys.argv else child.load)


if __name__ == "__main__":
    main()
