"""The lines of a machine's logs: when each was written, and each told once however many files hold it."""

from __future__ import annotations

import re
from calendar import timegm
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from forensics.ingest.listing.months import month_of
from forensics.limits import TIME_MAX
from forensics.parsers.journal import Journal
from forensics.parsers.journal_line import JournalLine

_SHORT = re.compile(r"(\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)")
_DAY = 86400.0


def line_time(time: str | None, collected: float | None, utc_offset: float | None) -> float | None:
    """Seconds since 1970 UTC; None where there is no time, or no year and nothing tells it.

    Args:
        time: as a log printed it. The short form of journalctl and syslog is by the machine's clock; where its zone is
            unknown it is taken as UTC. ISO times without a zone are UTC: so Juju writes them.
        collected: seconds since 1970 UTC, the latest that the line can be from.
        utc_offset: the machine's clock was so many seconds east of UTC.
    """
    if time is None:
        return None
    if time[:1].isdigit():
        try:
            moment = datetime.fromisoformat(time.replace(" ", "T").replace("/", "-"))
        except ValueError:
            return None
        return moment.timestamp() if moment.tzinfo else float(timegm(moment.timetuple()))
    found = _SHORT.fullmatch(time)
    month = month_of(found[1]) if found else None
    if found is None or month is None or collected is None:
        return None
    year = datetime.fromtimestamp(min(collected + _DAY, TIME_MAX), tz=UTC).year
    clock = (month, int(found[2]), int(found[3]), int(found[4]), int(found[5]))
    then = timegm((year, *clock)) - (utc_offset or 0.0)
    return then if then <= collected + _DAY else timegm((year - 1, *clock)) - (utc_offset or 0.0)


def told_once(journals: Iterable[Journal], collected: float | None, utc_offset: float | None) -> Iterator[Journal]:
    """The journals of one machine, each without the lines that one before it holds: collectors save whole logs and
    parts of them. A line is the same where code, time and text are; lines without a time all stay.
    """
    seen: set[tuple[str, float, str]] = set()
    for journal in journals:
        kept, own, counts = [], set(), Counter(journal.counts)
        for line in journal.lines:
            when = line_time(line.time, collected, utc_offset)
            key = (line.code, when, line.text) if when is not None else None
            if key in seen:
                counts[line.code] -= 1
                continue
            kept.append(line)
            if key is not None:
                own.add(key)
        yield replace(journal, lines=tuple(kept), counts={code: count for code, count in counts.items() if count})
        seen |= own


def in_order(lines: Iterable[JournalLine], collected: float | None, utc_offset: float | None) -> list[JournalLine]:
    """By time; lines without one first, as they come."""
    return sorted(lines, key=lambda line: line_time(line.time, collected, utc_offset) or 0.0)
