"""Where the lines of logs carry their time, host and unit."""

from __future__ import annotations

import re
from calendar import month_abbr
from datetime import UTC, datetime

SYSLOG = re.compile(
    r"[\s>]*(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) (?:(?P<host>[\w.-]+) )?"
    r"(?P<unit>[\w@.:/-]+)(?:\[\d+\])?: "
)
_FIELD = re.compile(r"\b(?:time|t|ts)=\"?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s\"]*)")
_JSON = re.compile(
    r'"(?:@?timestamp|time|ts|t)" ?: ?'
    r'(?:"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s"]*)"|(?P<seconds>\d{10})(?:\.\d{1,9})?[,}])'
)
# Also logrus' `INFO[2020-…]`, and Go's plain `2020/01/05 10:00:01`.
_ISO = re.compile(r"(?:[A-Z]{4,5})?\[?(?P<time>\d{4}(?:-\d\d-\d\d[T ]|/\d\d/\d\d )\d\d:\d\d:\d\d[^\s\]]*)")
# klog: `I0105 10:00:01.123456`; log15, as LXD wrote before 4.0: `INFO[01-05|10:00:01]`
_WITHOUT_YEAR = re.compile(
    r"[\s>]*(?:[IWEF]|[A-Z]{4,5}\[)(?P<month>0[1-9]|1[0-2])-?(?P<day>[0-3]\d)[ |](?P<clock>\d\d:\d\d:\d\d)(?!\d)"
)


def stamp(text: str, prefix: re.Match[str] | None) -> str | None:
    """The time that a line begins with, else that of a field in it."""
    return _plain(prefix["time"]) if prefix else _first_time(text) or field_time(text)


def own_time(message: str, prefix: re.Match[str] | None) -> str | None:
    """The time that a line's program gave it, else that of the prefix. `message`: what stands behind the prefix."""
    return field_time(message) or (_plain(prefix["time"]) if prefix else _first_time(message))


def field_time(text: str) -> str | None:
    """In a field of logfmt or JSON; seconds since 1970 as a time of UTC, in ISO's form."""
    if found := _FIELD.search(text):
        return _plain(found["time"])
    found = _JSON.search(text)
    if found is None or found["time"]:
        return _plain(found["time"]) if found else None
    return datetime.fromtimestamp(int(found["seconds"]), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _first_time(text: str) -> str | None:
    """At the beginning; without a year in the form of syslog."""
    if found := _ISO.match(text):
        return _plain(found["time"])
    found = _WITHOUT_YEAR.match(text)
    return f"{month_abbr[int(found['month'])]} {found['day']} {found['clock']}" if found else None


def _plain(time: str) -> str:
    return time.rstrip(",:]")
