"""File times as listings print them, in any locale, and the years that they leave out."""

from __future__ import annotations

import re
import unicodedata
from calendar import timegm
from collections.abc import Iterable

from forensics.ingest.listing.model import When

# Abbreviations of glibc's locales, without accents and dots. The same word never means two months in them.
_MONTHS = {
    1: "jan january janv ene gen sty led янв січ oca ian tammi",
    2: "feb february fevr fev lut uno фев лют sub febr helmi",
    3: "mar march mars mrt marc bre мар бер maalis",  # noqa: RUF001 - Cyrillic months
    4: "apr april avr avril abr kwi dub апр кві nis huhti",
    5: "may mai mag mei maj kve май мая тра touko",
    6: "jun june juin giu cze cen июн чер haz iun kesa",
    7: "jul july juil lug lip cec июл лип tem iul heina",
    8: "aug august aout ago sie srp авг сер agu elo",  # noqa: RUF001 - Cyrillic months
    9: "sep september sept set wrz zar сен вер eyl szept syys",
    10: "oct october okt ott out paz rij окт жов eki loka",
    11: "nov november lis ноя лис kas marras",
    12: "dec december dez dic gru pro des дек гру ara joulu",  # noqa: RUF001 - Cyrillic months
}


def _plain(word: str) -> str:
    """Lower case, without accents and the dot of an abbreviation."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).rstrip(".,")


_BY_NAME = {_plain(word): month for month, words in _MONTHS.items() for word in words.split()}
_ISO_DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d{1,9})?)?")
_ZONE = re.compile(r"[+-]\d{4}|[A-Z]{3,4}")
_DAY = re.compile(r"(\d{1,2})(?:[.,]|日|일)?")
_YEAR = re.compile(r"((?:19|20)\d{2})")


def parse_when(tokens: list[str], at: int) -> tuple[When, int] | None:
    """The time that starts at token `at`, and the position behind it; None where none starts there."""
    iso = _ISO_DAY.fullmatch(tokens[at])
    if iso:
        return _iso(tokens, at, iso)
    if at + 1 >= len(tokens):
        return None
    month, day = month_of(tokens[at]), _DAY.fullmatch(tokens[at + 1])
    if month is None:  # day before month: `26. Mai 18:19`, `16 juin 10:47`
        month, day = month_of(tokens[at + 1]), _DAY.fullmatch(tokens[at])
    if month is None or day is None or not 1 <= int(day[1]) <= 31 or at + 2 >= len(tokens):
        return None
    last = tokens[at + 2]
    if clock := _CLOCK.fullmatch(last):
        return _with_clock(tokens, at + 3, (None, month, int(day[1])), clock)
    if year := _YEAR.fullmatch(last):
        return When(int(year[1]), month, int(day[1]), 0, 86400), at + 3
    return None


def month_of(word: str) -> int | None:
    """1 to 12 for a month's name or abbreviation in the locales known here, else None."""
    numbered = re.fullmatch(r"(\d{1,2})(?:月|월)", word)
    if numbered:
        return int(numbered[1]) if 1 <= int(numbered[1]) <= 12 else None
    plain = _plain(word)
    if not plain.isalpha() or len(plain) > 12:
        return None
    return _BY_NAME.get(plain) or (_BY_NAME.get(plain[:4]) or _BY_NAME.get(plain[:3]) if len(plain) > 3 else None)


def _iso(tokens: list[str], at: int, iso: re.Match[str]) -> tuple[When, int] | None:
    day = (int(iso[1]) if iso[1] else None, int(iso[2]), int(iso[3]))
    if not (1 <= day[1] <= 12 and 1 <= day[2] <= 31):
        return None
    clock = _CLOCK.fullmatch(tokens[at + 1]) if at + 1 < len(tokens) else None
    if clock is None:
        return (When(*day, 0, 86400), at + 1) if day[0] else None
    return _with_clock(tokens, at + 2, day, clock)


def _with_clock(
    tokens: list[str], after: int, day: tuple[int | None, int, int], clock: re.Match[str]
) -> tuple[When, int] | None:
    if int(clock[1]) > 24 or int(clock[2]) > 59:
        return None
    second = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    if after + 1 < len(tokens) and _ZONE.fullmatch(tokens[after]):  # `--time-style=full-iso`; a name never looks so
        after += 1
    if day[0] is None and after + 1 < len(tokens) and (year := _YEAR.fullmatch(tokens[after])):  # `ls -T` of BSD
        day, after = (int(year[1]), *day[1:]), after + 1
    return When(*day, second, 1 if clock[3] else 60), after


def resolve(times: Iterable[When], collected: float | None) -> dict[When, float]:
    """Seconds since 1970 for each time, as if the host's clock were UTC.

    A missing year is the last one in which the day is not after `collected` (a day of grace for time zones). Without
    that, the years are chosen so that the times lie as close together as they can, and end in 1970 or 1971: order and
    distances are right, the years are not (see `year_known`).
    """
    listed = list(times)
    missing = sorted({(when.month, when.day) for when in listed if when.year is None})
    known = [_epoch(when, when.year) for when in listed if when.year is not None]
    start: tuple[int, int] | None = None
    if missing and collected is None and not known:
        start = _start_of_year(missing)
    reference = collected if collected is not None else (max(known) + 300 * 86400 if known else None)
    return {when: _resolved(when, reference, start) for when in listed}


def year_known(when: When, collected: float | None) -> bool:
    """The printed form, or the time of collection, gives the year."""
    return when.year is not None or collected is not None


def _resolved(when: When, reference: float | None, start: tuple[int, int] | None) -> float:
    if when.year is not None:
        return _epoch(when, when.year)
    if reference is None:
        return _epoch(when, 1970 if start is None or (when.month, when.day) >= start else 1971)
    year = 1970 + int(reference // (365.2425 * 86400)) + 1
    while _epoch(when, year) > reference + 86400:
        year -= 1
    return _epoch(when, year)


def _start_of_year(days: list[tuple[int, int]]) -> tuple[int, int]:
    """The day after the widest gap in the circle of days: there the time begins."""
    numbers = [month * 31 + day for month, day in days]
    gaps = [(numbers[position] - numbers[position - 1]) % 372 for position in range(len(numbers))]
    return days[gaps.index(max(gaps))] if len(days) > 1 else days[0]


def _epoch(when: When, year: int) -> float:
    return float(timegm((max(year, 1), when.month, when.day, 0, 0, 0)) + when.second)
