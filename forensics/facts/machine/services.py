"""What the system said of itself at the time of collection: systemctl of services, timedatectl of the clock, sysctl."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from forensics.evidence import Span

_HEAD = re.compile(r"\s*(?:[^\w\s]\s*)?(?P<unit>[\w@.:\\-]+)\.service(?: - .*)?")
_ACTIVE = re.compile(r"\s*Active: (?P<active>\w+)(?: \((?P<sub>[\w-]+)\))?")
_ROW = re.compile(r"\s*(?:[^\w\s]\s*)?(?P<unit>[\w@.:\\-]+)\.service\s+loaded\s+(?P<active>\w+)\s+(?P<sub>[\w-]+)\s.*")
_AIO = re.compile(r"\s*fs\.aio-(?P<name>nr|max-nr)\s*=\s*(?P<count>\d{1,18})\s*")
_SYNCHRONIZED = re.compile(r"\s*(?:System clock|NTP) synchronized: (?P<answer>yes|no)\s*")


@dataclass(frozen=True, slots=True)
class AsyncRequests:
    """The kernel's asynchronous I/O: requests that programs reserved, and how many there may be (sysctl fs.aio-*)."""

    used: int
    limit: int
    at: Span


def async_requests(lines: Iterable[tuple[str, Span]]) -> AsyncRequests | None:
    """What `sysctl` printed of both; None where one is missing."""
    told: dict[str, tuple[int, Span]] = {}
    for text, at in lines:
        if found := _AIO.fullmatch(text):
            told[found["name"]] = (int(found["count"]), at)
    if "nr" not in told or "max-nr" not in told:
        return None
    return AsyncRequests(told["nr"][0], told["max-nr"][0], told["nr"][1])


def service_states(lines: Iterable[tuple[str, Span]]) -> dict[str, tuple[str, Span]]:
    """State by unit, without `.service`: `active (running)`, `failed`, `activating (auto-restart)`."""
    found: dict[str, tuple[str, Span]] = {}
    unit = None
    for text, at in lines:
        if row := _ROW.fullmatch(text):
            found[row["unit"]] = (_state(row), at)
        elif head := _HEAD.fullmatch(text):
            unit = head["unit"]
        elif unit and (active := _ACTIVE.match(text)):
            found[unit] = (_state(active), at)
            unit = None
    return found


def clock_synchronised(lines: Iterable[tuple[str, Span]]) -> tuple[bool, Span] | None:
    """What `timedatectl` says of the clock; None where it says nothing."""
    for text, at in lines:
        if found := _SYNCHRONIZED.fullmatch(text):
            return found["answer"] == "yes", at
    return None


def _state(found: re.Match[str]) -> str:
    sub = found["sub"]
    return found["active"] if not sub or sub == found["active"] else f"{found['active']} ({sub})"
