"""When a log says that a service was started, and how far apart: a crash loop has a rhythm of its own.

systemd says it, or the program itself, with the first line that it writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from forensics.evidence import Span
from forensics.facts.machine.log_lines import line_time
from forensics.parsers.journal import Journal
from forensics.parsers.journal_line import JournalLine
from forensics.parsers.log_lines import without_numbers
from forensics.parsers.messages.good import SERVICE_READY
from forensics.parsers.messages.own_start import PROGRAM_STARTED

_SOME_YEAR = 978220800.0  # 2000-12-31; for the distance of times without a year any will do
_INTERVALS_MIN = 4
_USUAL_SECONDS_MAX = 900.0  # systemd gives up, or waits so long at the most; a restart each night is somebody's plan
_LIKE_THE_USUAL = 2.0  # half of it to twice as much
_SHARE_MIN = 0.75
_OVER_SECONDS = 900.0
_OVER_INTERVALS = 10
_Start = tuple[float, JournalLine]


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
    """By unit, as systemd names it without `snap.`, or by program; of those that were started twice or more.

    A start is told by several lines, of systemd and of the program itself: of each unit the wording that comes most
    often counts.
    """
    reference = _SOME_YEAR if collected is None else collected
    logs = tuple(journals)
    lines: dict[tuple[str, str, str], list[_Start]] = defaultdict(list)
    for line in (line for journal in logs for line in journal.lines):
        unit, time = _unit_started(line), line_time(line.time, reference, utc_offset)
        if unit is not None and time is not None:
            lines[unit, line.host or "", _wording(line)].append((time, line))
    most: dict[str, list[_Start]] = {}
    for (unit, *_), told in lines.items():
        most[unit] = max(most.get(unit, []), told, key=len)
    last = _last_times(logs, reference, utc_offset)
    return {unit: _of(told, _last_of(told, last)) for unit, told in most.items() if len(told) > 1}


def _last_times(journals: Iterable[Journal], reference: float, utc_offset: float | None) -> dict[str, float]:
    """When each unit logged last."""
    last: dict[str, float] = {}
    for unit, text in (told for journal in journals for told in journal.last_times.items()):
        if (time := line_time(text, reference, utc_offset)) is not None:
            last[_plain(unit)] = max(time, last.get(_plain(unit), time))
    return last


def _unit_started(line: JournalLine) -> str | None:
    """Whose start a line tells: systemd names the unit; what a program says is its unit's, where it has one."""
    if line.code == "service-started":
        return _plain(str(line.named["unit"]))
    if line.code not in (PROGRAM_STARTED, SERVICE_READY):
        return None
    said = str(line.named.get("program", ""))
    unit = said if line.unit in (None, "systemd") else line.unit
    return _plain(unit or "") or None


def _wording(line: JournalLine) -> str:
    return line.code if line.code == "service-started" else f"{line.code} {without_numbers(line.text.encode())!r}"


def _last_of(told: list[_Start], last: Mapping[str, float]) -> float | None:
    """When the unit logged last; of a text without units when the text did."""
    line = told[0][1]
    named = line.named.get("unit") if line.code == "service-started" else line.unit
    return last.get(_plain(str(named or "")))


def _plain(unit: str) -> str:
    return unit.removeprefix("snap.").removesuffix(".service")


def _of(told: list[_Start], last: float | None) -> ServiceStarts:
    times = sorted(time for time, _ in told)
    apart = [later - earlier for earlier, later in pairwise(times)]
    usual = median(apart)
    alike = sum(usual / _LIKE_THE_USUAL <= one <= usual * _LIKE_THE_USUAL for one in apart)
    regular = len(apart) >= _INTERVALS_MIN and usual <= _USUAL_SECONDS_MAX and alike >= _SHARE_MIN * len(apart)
    over = last is not None and last - times[-1] > max(_OVER_SECONDS, _OVER_INTERVALS * usual)
    return ServiceStarts(len(times), min(apart), usual, regular, over, max(told, key=lambda one: one[0])[1].at)
