"""Where the lines of logs carry their time, host and unit."""

from __future__ import annotations

import re

SYSLOG = re.compile(
    r"[\s>]*(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) (?:(?P<host>[\w.-]+) )?"
    r"(?P<unit>[\w@.:/-]+)(?:\[\d+\])?: "
)
FIELD_TIME = re.compile(r"\b(?:time|t|ts)=\"?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s\"]*)")
ISO = re.compile(r"\[?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*)")


def stamp(text: str, prefix: re.Match[str] | None) -> str | None:
    """The time of a line's prefix, else its own."""
    found = prefix or FIELD_TIME.search(text) or ISO.match(text)
    return found["time"].rstrip(",:]") if found else None
