"""The moment that dates are judged at: asked for, else when the evidence was collected, else its newest file time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from forensics.facts.machine.host import Host
from forensics.ingest.clock_source import ClockSource
from forensics.ingest.state_directory import StateDirectory


class AsOf(StrEnum):
    """Where the moment comes from. A file's time is no later than the collection, and may be much earlier."""

    ASKED = "asked"  # with --as-of
    COLLECTED = "collected"
    FILES = "files"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moment:
    """What dates are judged at.

    Attributes:
        time: seconds since 1970 UTC; None where nothing tells the time.
        kind: where it comes from.
        clock: of COLLECTED, what tells of the collection.
        path: of FILES, the file.
    """

    time: float | None = None
    kind: AsOf = AsOf.UNKNOWN
    clock: ClockSource | None = None
    path: str = ""


UNKNOWN_MOMENT = Moment()


def find_moment(asked: float | None, hosts: Iterable[Host], directories: Iterable[StateDirectory]) -> Moment:
    """The moment of a case: `asked` (seconds since 1970 UTC) where that is given."""
    if asked is not None:
        return Moment(asked, AsOf.ASKED)
    collected = [(host.collected, host) for host in hosts if host.collected is not None]
    if collected:
        time, host = max(collected, key=lambda pair: pair[0])
        return Moment(time, AsOf.COLLECTED, host.collected_by)
    files = [file for state in directories for file in (*state.files.values(), *state.around.values())]
    dated = [(file.mtime, file.at.path) for file in files if file.mtime and file.mtime_year]
    if not dated:
        return UNKNOWN_MOMENT
    time, path = max(dated, key=lambda pair: pair[0])
    return Moment(time, AsOf.FILES, path=path)
