"""File times as listings print them, in any locale, and the years that they leave out."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from forensics.ingest.listing.model import When
from forensics.ingest.listing.months import month_of


@dataclass(frozen=True, slots=True)
class Dated:
    """Where a time stands in a text. `when` is None if its month is not known."""

    when: When | None
    start: int
    end: int


_DAY_SECONDS = 86400
_CLOCK = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,10})?)?"
_ZONE = r"(?: [+-]\d{4}(?= )| [A-Z]{3,4}(?= ))?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_LATE = r"(?P<late>(?:19|20)\d{2})"  # behind the time of day
_WORD = r"(?P<month>[Tt]hg \d{1,2}|[^\W\d_][^\s\d]{1,11})"
_DAY = r"(?P<day>\d{1,2})"
_ISO_DAY = r"(?:(?P<year>\d{4})[-/])?(?P<number>\d{2})[-/](?P<day>\d{1,2})"
_ARTICLE = r"(?:de |d[\u2019'])?"  # Catalan: `25 de nov.`, `2 d'abr.`
_AT = r"(?:\u0443 )?"  # Serbian writes a word between day and clock
_EPOCH = r"(?P<epoch>[1-3]\d{9})(?:\.(?P<fraction>\d{1,10}))?"
_FORMS = tuple(
    re.compile(rf"(?<!\S)(?:{form})(?!\S)")
    for form in (
        # ISO with or without a year, as ls, tar, stat, find %T+ and programs print it
        rf"{_ISO_DAY}(?: {{1,2}}|T|\+){_CLOCK}(?:Z|[+-]\d\d:?\d\d)?{_ZONE}",
        rf"(?P<year>\d{{4}})[-/](?P<number>\d{{2}})[-/]{_DAY}",
        rf"(?P<number>\d{{2}})-{_DAY} {{1,2}}{_YEAR}",
        # month before day: `Nov 25 01:14`, `Nov 25  2025`, `Nov 25 01:14:55 2025` (BSD -T), `11月25日 01:14`
        rf"{_WORD} {{1,4}}{_DAY}[.,]? {{1,4}}(?:{_CLOCK}(?:{_ZONE} {_LATE})?{_ZONE}|{_YEAR})",
        rf"(?:{_YEAR}[년年] {{0,3}})?(?P<number>\d{{1,2}})[月월] {{0,3}}{_DAY}[日일]?(?: {{1,4}}{_CLOCK})?",
        rf"(?P<number>\d{{1,2}})[月월] {{1,3}}{_DAY}[日일]? {{1,4}}{_YEAR}",
        # day before month
        rf"{_DAY}\.? {{1,3}}{_ARTICLE}{_WORD} {{1,4}}{_AT}(?:{_CLOCK}(?: {_LATE})?|{_YEAR}\.?)",
        rf"{_CLOCK} {{1,3}}{_DAY} {{1,3}}{_WORD}",
        # year before month and day, as in Hungarian; what a clock or a year follows is a size before a date
        rf"{_YEAR}\.? {{1,3}}{_WORD} {{1,3}}{_DAY}\.?(?! {{1,4}}(?:\d{{1,2}}[:.h]\d\d|\d{{4}}(?!\S)))",
        rf"(?P<short>\d{{2}})-{_WORD}-{_DAY} {{1,2}}{_CLOCK}",  # unzip -Z
        rf"{_DAY}\. ?(?P<number>\d{{1,2}})\. {{0,2}}(?:{_YEAR})?(?: {{1,2}}{_CLOCK})?",
        rf"(?P<first>\d{{1,2}})/(?P<other>\d{{1,2}})/{_YEAR}(?: {{1,2}}{_CLOCK})?",
    )
)
_SECONDS = re.compile(rf"(?<!\S){_EPOCH}(?!\S)")


def find_when(text: str) -> Dated | None:
    """The first time in a text, with its place; None where there is none."""
    found: list[Dated] = []
    unknown: list[Dated] = []
    for form in _FORMS:
        for match in form.finditer(text):
            when = _when(match)
            (found if when else unknown).append(Dated(when, match.start(), match.end()))
            if when:
                break
    for group in (found, unknown):
        if group:
            return min(group, key=lambda dated: (dated.start, -dated.end))
    return None


def find_seconds(text: str) -> Dated | None:
    """The last number of a text that may be seconds since 1970 (`%s` of date, `%T@` of find)."""
    last = None
    for match in _SECONDS.finditer(text):
        last = match
    if last is None:
        return None
    moment = datetime.fromtimestamp(int(last["epoch"]), UTC)
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Dated(When(moment.year, moment.month, moment.day, second, 1), last.start(), last.end())


def _when(found: re.Match[str]) -> When | None:
    groups = found.groupdict()
    month, day = _month_and_day(groups)
    if month is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    printed = groups.get("year") or groups.get("late")
    year = int(printed) if printed else 2000 + int(groups["short"]) if groups.get("short") else None
    if not groups.get("hour"):
        return When(year, month, day, 0, _DAY_SECONDS) if year is not None else None
    hour, minute, second = (int(groups[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60:
        return None
    return When(year, month, day, hour * 3600 + minute * 60 + second, 1 if groups["second"] else 60)


def _month_and_day(groups: dict[str, str | None]) -> tuple[int | None, int]:
    if groups.get("first"):  # 25/11/2025 or 11/25/2025: told apart only where one number is no month
        first, other = int(groups["first"] or 0), int(groups["other"] or 0)
        if first > 12:
            return other, first
        return (first, other) if other > 12 or first == other else (None, 0)
    number, word = groups.get("number"), groups.get("month")
    month = int(number) if number else month_of(word or "")
    return month, int(groups["day"] or 0)


def resolve(times: Iterable[When], collected: float | None) -> dict[When, float]:
    """Seconds since 1970 for each time, as if the host's clock were UTC.

    A missing year is the last one in which the day is not after `collected` (a day of grace for time zones). Without
    that, the years are chosen so that the times without one lie as close together as they can, and behind those with
    one (`ls` leaves the year out of the last six months), else in 1970 and 1971: order and distances are right, the
    years are not (see `year_known`).
    """
    listed = list(times)
    missing = sorted({(when.month, when.day) for when in listed if when.year is None})
    if not missing:
        return {when: _epoch(when, when.year or 0) for when in listed}
    if collected is not None:
        return {when: _epoch(when, when.year or _last_year(when, collected + _DAY_SECONDS)) for when in listed}
    start = _start_of_year(missing)
    known = max((_epoch(when, when.year) for when in listed if when.year is not None), default=0.0)
    year = _year_of(known)
    if timegm((year, *start, 0, 0, 0)) + _DAY_SECONDS <= known:
        year += 1
    return {when: _epoch(when, when.year or year + ((when.month, when.day) < start)) for when in listed}


def year_known(when: When, collected: float | None) -> bool:
    """The year is known: it was printed, or follows from the time of collection."""
    return when.year is not None or collected is not None


def _last_year(when: When, until: float) -> int:
    """The last year in which the time is not after `until`."""
    year = _year_of(until) + 1
    while _epoch(when, year) > until:
        year -= 1
    return year


def _year_of(seconds: float) -> int:
    return max(1970 + int(seconds // (365.2425 * _DAY_SECONDS)), 1)


def _start_of_year(days: list[tuple[int, int]]) -> tuple[int, int]:
    """The day after the widest gap between days of the year: there the listed times begin."""
    numbers = [month * 31 + day for month, day in days]
    gaps = [(numbers[position] - numbers[position - 1]) % 372 for position in range(len(numbers))]
    return days[gaps.index(max(gaps))] if len(days) > 1 else days[0]


def _epoch(when: When, year: int) -> float:
    return float(timegm((max(year, 1), when.month, when.day, 0, 0, 0)) + when.second)
