"""When a collection was made, in UTC, and how far its machine's clock was set from UTC.

Listings and journals print the machine's own time, archives carry UTC. The two must be told apart, or a file seems
written after a line that it came before. Sources, the best first: `timedatectl`, `date` beside `date --utc`, a zone
that is a number, `uptime` beside the time of its file; of reports named after the clock
(`inspection-report-20261125_012817`), the name beside the newest file time.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.evidence import PathBlob
from forensics.ingest.clock_source import ClockSource
from forensics.ingest.collectors.api import Collection
from forensics.ingest.collectors.texts import HEAD_BYTES, texts
from forensics.ingest.files import believable_time

_DATE = re.compile(
    r"\w{3} (?P<month>\w{3}) +(?P<day>\d{1,2}) +(?P<clock>\d{2}:\d{2}:\d{2})(?: (?P<half>[AP]M))?"
    r" (?P<zone>\S+) (?P<year>\d{4})"
)
_UNIVERSAL = re.compile(r"Universal time: +\w{3} (?P<day>\d{4}-\d\d-\d\d) (?P<clock>\d{2}:\d{2}:\d{2})")
_ZONE = re.compile(r"Time zone: +\S+ \((?P<name>[^\s,]+), (?P<offset>[+-]\d{4})\)")
_NUMBER = re.compile(r"([+-])(\d{2}):?(\d{2})?")
_INSPECTION = re.compile(r"inspection-report-(\d{8})_(\d{6})")
_SOS_DAY = re.compile(r"sosreport-.+-(\d{4}-\d{2}-\d{2})-\w+")
_UPTIME = re.compile(r"\s*(\d{1,2}):(\d\d):(\d\d) up ")
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_UTC = ("UTC", "GMT", "Etc/UTC", "Z")
_QUARTER = 900.0  # every zone is a multiple of 15 minutes from UTC
_WIDEST = 14 * 3600.0
_APART = 120.0  # a collector names its archive within that many seconds of its last file
_AT_ONCE = 3.0  # a command's text and the time of the file that it was written to
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Clock:
    """`collected`: seconds since 1970 UTC, or by the machine's own clock where `offset` (seconds east of UTC) is None.

    `by` says what tells; `zone` is its name as written, empty where none is.
    """

    collected: float | None = None
    by: ClockSource | None = None
    offset: float | None = None
    zone: str = ""


def read_clock(collection: Collection, names: Iterable[str]) -> Clock:
    """By the texts of a collection, and by the names of the archives and directories around it."""
    named = list(names)
    found = _from_texts(collection) or _from_uptime(collection) or _from_names(named, newest_text(collection))
    if found is None or found.collected is None or believable_time(found.collected) is None:
        return Clock()
    return found


def newest_text(collection: Collection, *, directories: bool = False) -> float | None:
    """The newest file time: collectors write while they run. A directory's may be the copy's: only if asked for."""
    files = [file for file, _ in (*collection.listings, *collection.journals)]
    files += [file for group in collection.facts.values() for file in group]
    return max((m.mtime for m in files if m.mtime and (directories or not isinstance(m.blob, PathBlob))), default=None)


def _from_texts(collection: Collection) -> Clock | None:
    told = list(texts(collection, "date", "timedatectl"))
    zone = next(filter(None, map(_ZONE.search, told)), None)
    own = next(_dates(told), None)
    utc = next(_dates(texts(collection, "date-utc")), None) or next(_universal(told), None)
    if zone is not None:
        offset, name = _offset(zone["offset"]), zone["name"]
    elif own is not None:
        moment, name = own
        offset = 0.0 if name in _UTC else _offset(name)
        if offset is None and utc is not None:
            offset = _whole(moment - utc[0])
    else:
        offset, name = None, ""
    if utc is not None:
        return Clock(utc[0], ClockSource.DATE_FILE, offset, name)
    return Clock(own[0] - (offset or 0.0), ClockSource.DATE_FILE, offset, name) if own is not None else None


def _from_uptime(collection: Collection) -> Clock | None:
    """`uptime` prints the time of day: that of its file fits it, but for the zone, only where no copy changed it."""
    for file in collection.facts.get("uptime", []):
        text = file.blob.read(0, HEAD_BYTES).decode("utf-8", "replace") if file.blob else ""
        found = _UPTIME.match(text)
        if found is None or not file.mtime:
            continue
        own = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
        offset = _whole((own - file.mtime + _DAY / 2) % _DAY - _DAY / 2, _AT_ONCE)
        newest = newest_text(collection, directories=True)
        if offset is not None and newest is not None:
            return Clock(newest, ClockSource.FILE_TIME_AND_UPTIME, offset)
    return None


def _from_names(names: list[str], newest: float | None) -> Clock | None:
    """File times of an archive are in UTC, the names that collectors give are not."""
    for name in names:
        if clock := _of_inspection(name, newest) or _of_sos(name, newest):
            return clock
    return Clock(newest, ClockSource.FILE_TIME) if newest is not None else None


def _of_inspection(name: str, newest: float | None) -> Clock | None:
    """`inspection-report-20261125_012817`: by the machine's own clock, to the second."""
    found = _INSPECTION.search(name)
    day, clock = (found[1], found[2]) if found else ("", "")
    own = _seconds(f"{day[:4]}-{day[4:6]}-{day[6:]}", ":".join(re.findall("..", clock)))
    if own is None:
        return None
    offset = None if newest is None else _whole(own - newest)
    if newest is None or offset is None:
        return Clock(own, ClockSource.ARCHIVE_NAME)
    return Clock(newest, ClockSource.FILE_TIME, offset)


def _of_sos(name: str, newest: float | None) -> Clock | None:
    """`sosreport-HOST-2026-11-25-abc`: the day, by the machine's own clock."""
    found = _SOS_DAY.search(name)
    day = _seconds(found[1], "00:00:00") if found else None
    if day is None:
        return None
    if newest is not None and day - _WIDEST <= newest < day + _DAY + _WIDEST:
        return Clock(newest, ClockSource.FILE_TIME)
    return Clock(day + _DAY - 1, ClockSource.ARCHIVE_DAY)


def _dates(told: Iterable[str]) -> Iterator[tuple[float, str]]:
    """What `date` printed: seconds by the clock that it shows, and the zone."""
    for found in filter(None, map(_DATE.search, told)):
        if found["month"] in _MONTHS:
            moment = _seconds(f"{found['year']}-{_MONTHS[found['month']]:02}-{int(found['day']):02}", found["clock"])
            half = {"PM": 12, "AM": 0}.get(found["half"] or "")
            if moment is not None and half is not None:
                moment += (half - (12 if found["clock"].startswith("12") else 0)) * 3600
            if moment is not None:
                yield moment, found["zone"]


def _universal(told: Iterable[str]) -> Iterator[tuple[float, str]]:
    for found in filter(None, map(_UNIVERSAL.search, told)):
        moment = _seconds(found["day"], found["clock"])
        if moment is not None:
            yield moment, "UTC"


def _seconds(day: str, clock: str) -> float | None:
    """`2026-11-25`, `01:21:20` → seconds since 1970; None where no calendar has that."""
    try:
        return datetime.fromisoformat(f"{day}T{clock}+00:00").timestamp()
    except ValueError:
        return None


def _offset(text: str) -> float | None:
    """`+0130`, `+01` → seconds east of UTC."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return (1 if found[1] == "+" else -1) * (int(found[2]) * 3600.0 + int(found[3] or 0) * 60.0)


def _whole(seconds: float, apart: float = _APART) -> float | None:
    """The offset of a time zone that a difference of clocks stands for; None if it is more than `apart` seconds off."""
    nearest = round(seconds / _QUARTER) * _QUARTER
    return nearest if abs(seconds - nearest) <= apart and abs(nearest) <= _WIDEST else None
