"""The machines that collectors told of."""

from __future__ import annotations

import msgspec

from forensics.ingest.clock_source import ClockSource
from forensics.report.document.part import Count, Part


class Disk(Part):
    """One file system.

    Attributes:
        mount: where it is mounted.
        used_percent: as `df` says.
        available: bytes, rounded as `df` rounds.
    """

    mount: str
    used_percent: Count
    available: Count | None


class Journal(Part):
    """One journal or log file.

    Attributes:
        path: in the input.
        unit: whose it is; null where it is of several.
        messages: how often each known message occurs, by its code.
    """

    path: str
    unit: str | None
    messages: dict[str, Count]


class Host(Part):
    """One machine.

    Attributes:
        name: null where nothing tells.
        collector: what collected it.
        root: where its files lie in the input.
        collected: when, ISO 8601.
        collected_by: how that is known, in words.
        clock: the same, stable; null also in a report of version 1.
        utc_offset: seconds that its clock is ahead of UTC.
        zone: its time zone's name.
        cleaned: its addresses and names are replaced ones.
        nodes: whose state directories came from it.
        addresses: of its interfaces.
        snaps: version and revision by snap.
        disks: its file systems.
        restarts: restarts by unit, as systemd counted them.
        journals: its journals.
    """

    name: str | None
    collector: str
    root: str
    collected: str | None
    collected_by: str | None = None
    clock: ClockSource | None = None
    utc_offset: int | None = None
    zone: str | None = None
    cleaned: bool
    nodes: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    snaps: dict[str, str] = msgspec.field(default_factory=dict)
    disks: tuple[Disk, ...]
    restarts: dict[str, Count] = msgspec.field(default_factory=dict)
    journals: tuple[Journal, ...]
