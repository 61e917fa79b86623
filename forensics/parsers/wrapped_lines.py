"""Lines that a terminal broke at its width, put together again.

A text is taken as broken where its longest lines are all as long, there are several, and one ends inside of a word that
the line behind it goes on with, which does not begin as lines of logs do. What stands in the window of a terminal is
read so; what a program logged is not as even.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

NARROWEST_BYTES = 60
"""No terminal breaks lines before."""
_LINES_MIN = 2
Line = tuple[int, bytes, bytes]
"""Its offset, the line without its end, and the line behind it."""
_BEGINS = re.compile(
    rb"\s*(?:[A-Z]{4,5}\[\d|[A-Z][a-z]{2} [ \d]\d |\d{4}[-/]\d\d|(?:time|t|ts|level|lvl)=|[IWEF]\d{4} "
    rb"|[\[{`#$>|+]|- |\S+\[\d+\]: |(?:machine|unit|controller)-\S+: )"
    rb"|(?i:error|fatal|panic|warning|failed|traceback|goroutine)\b"
)


def begins_a_line(line: bytes) -> bool:
    """It begins as a line of its own does: with a time, a level, a prompt, a word that complains."""
    return _BEGINS.match(line) is not None


def width_of(text: bytes) -> int:
    """The width in bytes at which a text is broken; 0 where it is not."""
    lines = [line.rstrip(b"\r") for line in text.split(b"\n")]
    widest, number = max(Counter(map(len, lines)).items(), default=(0, 0))
    if widest < NARROWEST_BYTES or number < _LINES_MIN:
        return 0
    pairs = ((line, rest) for line, rest in pairwise(lines) if len(line) == widest and not begins_a_line(rest))
    return widest if any(line[-1:].isalnum() and rest[:1].isalnum() for line, rest in pairs) else 0


def unbroken(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """The lines, those of this width with what stands behind them, until a line begins."""
    held: Line | None = None
    goes_on = False
    for offset, raw, following in lines:
        held = (held[0], held[1].rstrip(b"\r") + raw, following) if held else (offset, raw, following)
        goes_on = len(raw.rstrip(b"\r")) == width and bool(following.strip()) and not begins_a_line(following)
        if not goes_on:
            yield held
            held = None
