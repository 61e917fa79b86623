"""When a log says that a service was started, and how far apart: a crash loop has a rhythm of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from forensics.evidence import Span
from forensics.facts.machine.log_lines import line_time
from forensics.parsers.journal import Journal
from forensics.parsers.journal_line import JournalLine

_SOME_YEAR = 978220800.0  # 2000-12-31; for the distance of times without a year any will do
_INTERVALS_MIN = 4
_USUAL_SECONDS_MAX = 900.0  # systemd gives up, or waits so long at the most; a restart each night is somebody's plan
_LIKE_THE_USUAL = 2.0  # half of it to twice as much
_SHARE_MIN = 0.75
_OVER_SECONDS = 900.0
_OVER_INTERVALS = 10


@dataclass(frozen=True, slots=True)
class ServiceStarts:
    """The starts of one unit in a log.

    Attributes:
        starts: how many the log tells of; of a flood, those that are kept (JOURNAL_LINES_MAX).
        shortest, usual: seconds between two of them; the usual is the median.
        regular: it is a crash loop: most lie about as far apart as usual, and that is not far.
        over: the unit logged on, long after the last one.
        at: the last one.
    """

    starts: int
    shortest: float
    usual: float
    regular: bool
    over: bool
    at: Span


def starts_in(
    journals: Iterable[Journal], collected: float | None, utc_offset: float | None
) -> dict[str, ServiceStarts]:
    """By unit, as systemd names it without `snap.`; of those that were started twice or more."""
    lines: dict[str, list[tuple[float, JournalLine]]] = defaultdict(list)
    last: dict[str, float] = {}
    reference = _SOME_YEAR if collected is None else collected
    for journal in journals:
        for line in journal.lines:
            time = line_time(line.time, reference, utc_offset)
            if line.code == "service-started" and time is not None:
                lines[_plain(str(line.named["unit"]))].append((time, line))
        for unit, text in journal.last_times.items():
            if (time := line_time(text, reference, utc_offset)) is not None:
                last[_plain(unit)] = max(time, last.get(_plain(unit), time))
    return {unit: _of(told, last.get(unit)) for unit, told in lines.items() if len(told) > 1}


def _plain(unit: str) -> str:
    return unit.removeprefix("snap.").removesuffix(".service")


def _of(told: list[tuple[float, JournalLine]], last: float | None) -> ServiceStarts:
    times = sorted(time for time, _ in told)
    apart = [later - earlier for earlier, later in pairwise(times)]
    usual = median(apart)
    alike = sum(usual / _LIKE_THE_USUAL <= one <= usual * _LIKE_THE_USUAL for one in apart)
    regular = len(apart) >= _INTERVALS_MIN and usual <= _USUAL_SECONDS_MAX and alike >= _SHARE_MIN * len(apart)
    over = last is not None and last - times[-1] > max(_OVER_SECONDS, _OVER_INTERVALS * usual)
    return ServiceStarts(len(times), min(apart), usual, regular, over, max(told, key=lambda one: one[0])[1].at)
