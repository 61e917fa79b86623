"""What tells when evidence was collected."""

from __future__ import annotations

from enum import StrEnum


class ClockSource(StrEnum):
    """What tells when a collection was made. Values are the words of report.json."""

    DATE_FILE = "date-file"  # what `date` or `timedatectl` printed
    FILE_TIME_AND_UPTIME = "file-time-and-uptime"  # the newest file time, and `uptime` confirms it
    FILE_TIME = "file-time"  # the newest file time of an archive, which is in UTC
    ARCHIVE_NAME = "archive-name"  # to the second, by the machine's own clock
    ARCHIVE_DAY = "archive-day"  # the archive's name has the day alone
