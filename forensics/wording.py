"""How every output writes numbers, names and lists. Plain pieces of text; nothing here knows what they are about.

Sentences are made from values by these functions, once, at the very end. Nothing may take a sentence apart again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_CLOSED_SEGMENT = re.compile(r"(\d+)-(\d+)")
_OPEN_SEGMENT = re.compile(r"open-(\d+)")
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one finding.

    Attributes:
        problem: what is wrong, in one clause without a full stop: it names the file or the node, never a remedy.
        details: whole sentences with their full stops: what it means here, what was measured, what explains it.
        steps: what to do about it, at the severity at hand; None where the rule's page says it (`What to do`), empty
            where nothing needs doing.
    """

    problem: str
    details: tuple[str, ...] = ()
    steps: str | None = None

    @property
    def message(self) -> str:
        """Problem and details as one text."""
        return " ".join((f"{self.problem}.", *self.details)) if self.details else self.problem


def sentences(*parts: str) -> tuple[str, ...]:
    """The parts that say something: what a rule may or may not add as details."""
    return tuple(part for part in parts if part)


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 entry`, `29 entries`, `no entries`."""
    plural = plural or _plural(singular)
    return f"{number or 'no'} {singular if number == 1 else plural}"


def are(number: int) -> str:
    """The verb that goes with so many."""
    return "is" if number == 1 else "are"


def verb(number: int, one: str, several: str) -> str:
    """The form that goes with so many: `verb(2, "holds", "hold")` is `hold`."""
    return one if number == 1 else several


def listed(names: Iterable[str], limit: int | None = _NAMES_SHOWN) -> str:
    """`n1`, `n1 and n2`, `n1, n2 and n3`; beyond the limit `n1, n2 and 40 more`."""
    every = list(names)
    if limit is not None and len(every) > limit + 1:
        return f"{', '.join(every[:limit])} and {len(every) - limit} more"
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} and {every[-1]}"


def entries(first: int | None, last: int | None) -> str:
    """`entry 7`, `entries 322 to 385`, `entries from 322 on` where the end is not known."""
    if first is None:
        return "entries of unknown index" if last is None else f"entries up to {last}"
    if last is None:
        return f"entries from {first} on"
    return f"entry {first}" if first == last else f"entries {first} to {last}"


def size(number: int) -> str:
    """`512 bytes`, `8 MiB`, `1.4 GiB`: binary units, as dqlite's own limits are."""
    amount, unit = float(number), 0
    while amount >= 1024 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    if unit == 0:
        return "1 byte" if number == 1 else f"{number} bytes"
    return f"{_short(amount)} {_UNITS[unit]}"


def duration(seconds: float) -> str:
    """`40 seconds`, `12 minutes`, `3.5 hours`, `9 days`."""
    for length, unit in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 2 * length:
            amount = _short(seconds / length)
            return f"{amount} {unit}{'' if amount == '1' else 's'}"
    amount = _short(seconds)
    return f"{amount} second{'' if amount == '1' else 's'}"


def moment(time: datetime, *, seconds: bool = False) -> str:
    """`2026-11-23 13:00 UTC`, to the minute unless seconds are wanted. Takes a time in UTC."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC" if seconds else f"{time:%Y-%m-%d %H:%M} UTC"


def utc_time(seconds: float | None) -> str | None:
    """`2026-11-23T12:58:41Z`, of seconds since 1970; None for a time that no calendar has."""
    try:
        return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return None


def segment(name: str) -> str:
    """A segment's file name as people say it: `segment 322–385`, `open-3`. Other names stay as they are."""
    if found := _CLOSED_SEGMENT.fullmatch(name):
        first, last = (number.lstrip("0") or "0" for number in found.groups())
        return f"segment {first}–{last}"
    return f"open segment {found[1]}" if (found := _OPEN_SEGMENT.fullmatch(name)) else name


def capital(words: str) -> str:
    """A heading's capital: the rest stays as it is."""
    return words[:1].upper() + words[1:]


def role(name: str, *, several: bool = False) -> str:
    """A raft role as people say it."""
    return f"{name}s" if several else name


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Clauses in one list: `a; b; and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{'; '.join(parts[:-1])}; {last} {parts[-1]}"


def _short(amount: float) -> str:
    """At most one digit behind the point, and none that is zero."""
    text = f"{amount:.1f}" if amount < 100 else f"{amount:.0f}"
    return text.removesuffix(".0")


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
