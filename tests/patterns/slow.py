"""How long a pattern takes for what is hard for it."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

from tests.patterns.found import Found
from tests.patterns.hostile_texts import hostile_texts

CHARS: Final = 2048  # half of the longest line that is looked at (limits.LINE_CHARS_MAX)
WHOLE_TEXTS: Final = "forensics/redact/"  # what is copied has to be looked at whole, however long its lines are
CHARS_OF_WHOLE_TEXTS: Final = 16 * CHARS
SECONDS_MAX: Final = 0.008  # of CHARS; a linear pattern takes 0.0001; 4 s for a megabyte of nothing but hostile lines
_GIVEN_UP: Final = 1.0
_LOOKS: Final = 3  # the quickest counts: other work on the machine must not fail a pattern


@dataclass(frozen=True, slots=True)
class Slow:
    """A pattern that takes too long, the text that shows it, and how long."""

    found: Found
    text: str
    seconds: float


class _GaveUpError(Exception):
    pass


def slow(found: Found) -> Slow | None:
    """The first text that the pattern takes too long for; None for a good pattern. It sets an alarm."""
    pattern = re.compile(found.pattern, found.flags)
    look = pattern.fullmatch if found.anchored else pattern.search
    chars = CHARS_OF_WHOLE_TEXTS if found.where.startswith(WHOLE_TEXTS) else CHARS
    most = SECONDS_MAX * chars / CHARS
    for text in dict.fromkeys(hostile_texts(found.pattern, found.flags, chars)):
        given = text.encode("latin-1", "replace") if isinstance(found.pattern, bytes) else text
        seconds = 0.0
        for _ in range(_LOOKS):
            seconds = _seconds(look, given)
            if seconds <= most:
                break
        else:
            return Slow(found, text, seconds)
    return None


def _seconds(look: Callable[..., object], text: str | bytes) -> float:
    """Processor time."""
    start = time.process_time()
    with _at_most(_GIVEN_UP):
        look(text)
    return time.process_time() - start


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise _GaveUpError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _GaveUpError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
