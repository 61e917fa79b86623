"""What facts about machines are called: words alone, made from values."""

from __future__ import annotations

from forensics.facts.machine.moment import AsOf, Moment
from forensics.ingest.clock_source import ClockSource

_CLOCKS = {
    ClockSource.DATE_FILE: "its date file",
    ClockSource.FILE_TIME_AND_UPTIME: "the newest file time, which uptime confirms",
    ClockSource.FILE_TIME: "the newest file time in the archive",
    ClockSource.ARCHIVE_NAME: "the archive's name",
    ClockSource.ARCHIVE_DAY: "the archive's name (day only)",
}


def clock_words(source: ClockSource) -> str:
    """What tells when a collection was made."""
    return _CLOCKS[source]


def source_words(moment: Moment) -> str:
    """Where the moment comes from that dates are judged at: after a time, in brackets."""
    if moment.kind is AsOf.ASKED:
        return "--as-of"
    if moment.clock is not None:
        return f"the time of collection, by {clock_words(moment.clock)}"
    if moment.kind is AsOf.FILES:
        return f"the newest file time, that of {moment.path}"
    return "nothing in the evidence tells the time"
