"""What stands before every line of a paste: numbers, times, names of hosts, bullets. Found once, and taken off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from forensics.evidence import Span
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import GUTTER_LINES_LOOKED_AT

_MOST = 0.8  # of the lines: prose around a paste, and cut lines, have none
_FEWEST = 3
_DEPTH = 3
_NUMBER = re.compile(r"\s{0,12}(?P<number>\d{1,7})(?:[:|)]| {2}) ?(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"(?P<host>[A-Za-z][\w.-]{0,62})(?:\s{0,30}\| ?|: )(?P<rest>.*)", re.DOTALL)
_PLAIN = tuple(
    re.compile(rf"{form}(?P<rest>.*)", re.DOTALL)
    for form in (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d) ",
        r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?P<host>[\w.-]{1,64}) [\w.@/-]{1,64}(?:\[\d{1,8}\])?: ",
        r"\s{0,12}[•·▪*] ",
        r"\s{0,12}\| (?! *[|`]--)",
        r"\+(?!--)",
        r"\s{0,3}# ",
    )
)
_STRING = re.compile(r"\s*(?:- )?\"(?P<rest>(?:[^\"\\]|\\.)*)\",?")  # of JSON


@dataclass(frozen=True, slots=True)
class Line:
    """A line without what stood before it; `host` where that named one."""

    text: str
    at: Span
    host: str | None = None


def without_gutter(lines: Iterable[tuple[str, Span]]) -> Iterator[Line]:
    """The lines of a text, each without what most lines of its beginning have before them."""
    rest = iter(lines)
    head = list(islice(rest, GUTTER_LINES_LOOKED_AT))
    gutters = _gutters([text for text, _ in head if text.strip()])
    for text, at in chain(head, rest):
        host = None
        for gutter in gutters:
            if found := gutter.fullmatch(text):
                host = found.groupdict().get("host") or host
                text = found["rest"]  # noqa: PLW2901 - one after the other
        yield Line(text, at, host)


def _gutters(texts: list[str]) -> list[re.Pattern[str]]:
    """Take off the outermost part first."""
    found: list[re.Pattern[str]] = []
    while len(found) < _DEPTH and (gutter := _gutter(texts)):
        found.append(gutter)
        texts = [match["rest"] if (match := gutter.fullmatch(text)) else text for text in texts]
    return found


def _gutter(texts: list[str]) -> re.Pattern[str] | None:
    for form in (*_PLAIN, _STRING, _NUMBER, _HOST):
        matches = [match for text in texts if (match := form.fullmatch(text))]
        if len(matches) >= max(_FEWEST, _MOST * len(texts)) and _holds(form, matches):
            return form
    return None


def _holds(form: re.Pattern[str], matches: list[re.Match[str]]) -> bool:
    """Numbers count the lines; hosts have many lines each. Sizes and labels do neither."""
    if form is _NUMBER:
        numbers = [int(match["number"]) for match in matches]
        return all(one < two <= one + 3 for one, two in pairwise(numbers))
    if form is _HOST:
        hosts = [match["host"] for match in matches]
        runs = 1 + sum(one != two for one, two in pairwise(hosts))
        return runs * 4 <= len(hosts) and all(role_of(host) is FileRole.UNKNOWN for host in set(hosts))
    return True
