"""Journals and other logs: the lines that are known messages, with their time, host and unit.

Formats: journalctl (short, ISO), syslog, logrus (`time=… level=… msg=…`), LXD's (`t=… lvl=… msg=…`), klog, and bare
text. A line that is no known message is read by its structure (forensics/parsers/errors). Each text is looked at once,
however often it stands in the log with other numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from forensics.budget import LimitError
from forensics.evidence import Blob, Span
from forensics.limits import JOURNAL_LINES_MAX, PASTED_BYTES_MAX
from forensics.parsers.errors.concern import names_a_cluster
from forensics.parsers.errors.diagnose import TRACEBACK
from forensics.parsers.journal_line import (
    ENDINGS,
    OF_ANOTHER,
    PANICKED,
    JournalLine,
    LineReader,
    panicked_over,
    product_of,
)
from forensics.parsers.log_lines import lines_of
from forensics.parsers.log_times import SYSLOG, stamp
from forensics.parsers.named_products import other_product_in, products_in
from forensics.parsers.wrapped_lines import Line, unbroken, width_of

_EXCEPTION = re.compile(r"(?:[a-z_]\w{0,40}\.){0,6}[A-Z]\w{0,60}(?:Error|Exception|Exit|Failure|Timeout|Warning)\b")
# What the Go runtime prints around the line that names the signal, or what a program panicked over.
_OF_GO = re.compile(r"goroutine \d+ \[|\S{1,200}\.go:\d+ \+0x|fatal error: unexpected signal")
_HEAD_BYTES = 16384
_HEAD_LINES = 50
_TAIL_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Journal:
    """What of one log concerns dqlite.

    Attributes:
        lines: in file order; of each code at most JOURNAL_LINES_MAX, the first half and the last.
        counts: of all lines, by code.
        ended_by: the limit of the run that ended the search, by its name; None where the whole log was searched.
        looks_like_log: so its first lines are. A text that does not, and has no known message, is no log.
        last_times: by unit the time of its last line (see JournalLine.logged), where that stands near the log's end.
        products: on dqlite that its beginning names, by their databases.
        of_another: the product that it is of, where that carries no dqlite; nothing else is concluded from it.
        others: by product without dqlite the lines that its programs wrote: how many, and the first.
    """

    path: str
    unit: str
    lines: tuple[JournalLine, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    ended_by: str | None = None
    looks_like_log: bool = False
    last_times: Mapping[str, str] = field(default_factory=dict)
    products: tuple[str, ...] = ()
    of_another: str | None = None
    others: Mapping[str, tuple[int, Span]] = field(default_factory=dict)


def parse_journal(blob: Blob, unit: str = "") -> Journal:
    """Search a whole log.

    Args:
        blob: the log.
        unit: where its lines come from, unless they say themselves.
    """
    head = blob.read(0, PASTED_BYTES_MAX).decode("utf-8", "replace")
    if not unit and (other := other_product_in(head)):
        return Journal(blob.path, unit, looks_like_log=_looks_like_a_log(blob), of_another=other)
    reader = LineReader(unit, pasted=not unit and blob.size <= PASTED_BYTES_MAX, named=names_a_cluster(head))
    seen = _Seen()
    ended_by = None
    try:
        for code, line in _known_lines(_lines(blob, unit), reader):
            seen.add(code, line, blob.path)
    except LimitError as error:
        ended_by = str(error)
    found = (
        _told_as(code, reader.line(raw, following, Span(blob.path, offset, len(raw))))
        for code, lines in seen.kept.items()
        for offset, raw, following in lines
    )
    return Journal(
        blob.path,
        unit,
        lines=tuple(_without_told(sorted((line for line in found if line is not None), key=lambda line: line.at))),
        counts=dict(seen.counts),
        ended_by=ended_by,
        looks_like_log=_looks_like_a_log(blob),
        last_times=_last_times(blob, unit),
        products=products_in(head),
        others=seen.others,
    )


def _lines(blob: Blob, unit: str) -> Iterator[Line]:
    """Of what somebody pasted, lines that a terminal broke are put together."""
    pasted = not unit and blob.size <= PASTED_BYTES_MAX
    width = width_of(blob.read()) if pasted else 0
    return unbroken(lines_of(blob), width) if width else lines_of(blob)


def _known_lines(lines: Iterable[Line], reader: LineReader) -> Iterator[tuple[str, Line]]:
    """Each line that a message is known for, with its code; twice where a program panicked over it."""
    is_rest = False  # of the line before, which a terminal broke
    for line in lines:
        _, raw, following = line
        code, is_rest = (None, False) if is_rest else reader.code(raw, following)
        if code is not None:
            yield code, line
        if code is not None and panicked_over(raw, code):
            yield PANICKED, line


def _told_as(code: str, line: JournalLine | None) -> JournalLine | None:
    """A line that tells why a program panicked is told once for either."""
    return replace(line, code=PANICKED, named={}) if line is not None and code == PANICKED != line.code else line


def _without_told(lines: list[JournalLine]) -> Iterator[JournalLine]:
    """Without the heads of lists of callers, Python's and Go's, where the error that led to them is told, too."""
    told = max((number for number, line in enumerate(lines) if _EXCEPTION.match(line.text)), default=-1)
    ended = any(line.code in ENDINGS and not _OF_GO.match(line.text) for line in lines)
    for number, line in enumerate(lines):
        if not (TRACEBACK in line.text and number <= told) and not (ended and _OF_GO.match(line.text)):
            yield line


class _Seen:
    """What of a log's lines is told: of messages the number and some lines, of other products the number alone."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.kept: dict[str, _Kept] = defaultdict(_Kept)
        self.others: dict[str, tuple[int, Span]] = {}

    def add(self, code: str, line: Line, path: str) -> None:
        """A line with its code."""
        offset, raw, _ = line
        if code == OF_ANOTHER:
            number, first = self.others.get(product := product_of(raw), (0, Span(path, offset, len(raw))))
            self.others[product] = number + 1, first
        else:
            self.counts[code] += 1
            self.kept[code].add(line)


class _Kept:
    """Of a flood the first lines and the last ones."""

    def __init__(self) -> None:
        self._first: list[Line] = []
        self._last: deque[Line] = deque(maxlen=JOURNAL_LINES_MAX // 2)

    def add(self, line: Line) -> None:
        """The next one."""
        (self._first if len(self._first) < JOURNAL_LINES_MAX // 2 else self._last).append(line)

    def __iter__(self) -> Iterator[Line]:
        return chain(self._first, self._last)


def _looks_like_a_log(blob: Blob) -> bool:
    head = blob.read(0, _HEAD_BYTES).decode("utf-8", "replace").splitlines()[:_HEAD_LINES]
    dated = sum(stamp(line, SYSLOG.match(line)) is not None for line in head)
    return dated * 2 >= max(len(head), 1)


def _last_times(blob: Blob, unit: str) -> dict[str, str]:
    start = max(blob.size - _TAIL_BYTES, 0)
    lines = blob.read(start, _TAIL_BYTES).decode("utf-8", "replace").splitlines()[start > 0 :]
    told = [(found, time) for line in lines if (time := stamp(line, found := SYSLOG.match(line)))]
    return {(found["unit"] if found else None) or unit: time for found, time in told}
