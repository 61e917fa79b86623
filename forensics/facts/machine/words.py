"""What facts about machines are called: words alone, made from values."""

from __future__ import annotations

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
