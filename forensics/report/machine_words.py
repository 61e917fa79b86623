"""What a collector told of a machine, in one line."""

from __future__ import annotations

from forensics.ingest.clock_source import ClockSource
from forensics.report.document import Document, Host

_FULL_PERCENT = 90
_UTC_CLOCKS = (ClockSource.FILE_TIME, ClockSource.FILE_TIME_AND_UPTIME)
_OWN_CLOCK = "by its own clock"


def machines(document: Document) -> list[Host]:
    """The machines that a collector told of, or that say who they are."""
    return [host for host in document.hosts if host.name or host.collected or host.snaps]


def machine_words(host: Host) -> str:
    """What a collector told of its machine: which tool, when, by which clock, versions, full disks.

    `sosreport of 2026-11-25 20:21:20 UTC (its clock: EST, UTC-05:00), k8s v1.32.9 (4567), /var 99 % full`
    """
    words = "cleaned " * host.cleaned + host.collector
    if host.collected:
        words += f" of {_time_words(host.collected, host)}"
    told = [f"{name} {version}" for name, version in host.snaps.items()]
    told += [f"{d.mount} {d.used_percent} % full" for d in host.disks if d.used_percent >= _FULL_PERCENT]
    return ", ".join([words, *told])


def _time_words(collected: str, host: Host) -> str:
    """As exact as its source: `2026-11-25`, or `2026-11-25 20:21:20` and by which clock."""
    day, time = collected[:10], collected[11:19]
    return day if host.clock is ClockSource.ARCHIVE_DAY else " ".join(filter(None, (day, time, _zone_words(host))))


def _zone_words(host: Host) -> str:
    """By which clock; empty where a report of version 1 does not tell."""
    offset = host.utc_offset
    if offset is None:
        if host.clock in _UTC_CLOCKS:
            return "UTC"
        return _OWN_CLOCK + (f": {host.zone}" if host.zone else "") if host.clock else ""
    if offset == 0:
        return "UTC"
    shift = f"UTC{'-' if offset < 0 else '+'}{abs(offset) // 3600:02}:{abs(offset) % 3600 // 60:02}"
    return f"UTC (its clock: {', '.join(filter(None, (host.zone, shift)))})"
