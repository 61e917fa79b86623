"""What names, sizes and times alone tell of a node's life: how fast it writes, how often it starts, how large it is.

Works on listings as on copies. Times of one directory are of one host's clock, so their distances mean something even
where the year is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node, Snapshot
from forensics.ingest.state_directory import StateFile
from forensics.on_disk import SEGMENT_BYTES

_FULL_BYTES = SEGMENT_BYTES * 3 // 4  # a segment that the next batch did not fit into is nearly full: batches are small
# entries between snapshots: k8s-dqlite raises smaller values to this (docs/reference/k8s-dqlite.md#control-files)
_THRESHOLD_MIN = 384
_COPY_SECONDS, _COPY_BYTES_A_SECOND = 60.0, 10_000_000  # what a copy takes that keeps no times, on a slow disk


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast closed segments were written, over those whose times are known.

    Attributes:
        seconds: from the first to the last of them.
        entries, size: written in that time.
    """

    seconds: float
    entries: int
    size: int

    @property
    def bytes_per_minute(self) -> float:
        """Of the log alone; snapshots come on top."""
        return self.size * 60 / self.seconds


def pace_of(node: Node) -> Pace | None:
    """None where fewer than three segments have distinct times."""
    dated = [part for part in node.log.closed if part.file.mtime is not None and part.file.sized]
    if len(dated) < 3:
        return None
    first, last = dated[0].file.mtime or 0.0, dated[-1].file.mtime or 0.0
    if last - first < 60:
        return None
    rest = dated[1:]
    entries = sum(max(part.last - part.first + 1, 0) for part in rest)
    return Pace(last - first, entries, sum(part.file.size_min for part in rest))


def snapshot_interval(node: Node) -> float | None:
    """Seconds between the two newest snapshots: by their own clock (the third number of their names, milliseconds since
    the process's or machine's start), else by file times; None where neither tells.
    """
    pair = sorted(node.snapshots, key=lambda snapshot: snapshot.name.order)[-2:]
    if len(pair) < 2 or pair[0].name.index == pair[1].name.index:
        return None
    by_name = (pair[1].name.timestamp_ms - pair[0].name.timestamp_ms) / 1000
    files = [snapshot.data_file or snapshot.meta_file for snapshot in pair]
    times = [file.mtime for file in files if file is not None and file.mtime is not None]
    by_file = times[1] - times[0] if len(times) == 2 else None
    if by_file is not None and by_file > 0 and not 0 < by_name <= 2 * by_file + 120:
        return by_file  # the process was restarted in between: its clock began anew
    return by_name if by_name > 0 else by_file


def largest_snapshot(node: Node) -> tuple[Snapshot, StateFile] | None:
    """The snapshot whose data file is the largest, by what is surely known of its size."""
    sized = [(one, one.data_file) for one in node.snapshots if one.data_file is not None and one.data_file.sized]
    return max(sized, key=lambda pair: pair[1].size_min, default=None)


def is_tiny(part: ClosedSegment) -> bool:
    """At most three entries; or a few more that are next to nothing (barriers, no-ops) by the file's size."""
    entries = part.last - part.first + 1
    if not entries > 0:
        return False
    return entries <= 3 or (entries <= 16 and part.file.sized and part.file.size_max <= 40 * entries + 24)


@dataclass(frozen=True, slots=True)
class EarlyClosings:
    """Closed segments that are far from full, beyond those that snapshots can have closed.

    Attributes:
        parts: all that were closed early. of: all whose sizes are known.
        unexplained: so many more than snapshots can account for.
        minutes: between two closings on average; None without times, or where a copy set them.
    """

    parts: tuple[ClosedSegment, ...]
    of: int
    unexplained: int
    minutes: float | None


def early_closings(node: Node) -> EarlyClosings:
    """A segment is closed when the next batch no longer fits, at a snapshot, or when the process stops.

    Source: docs/reference/segments.md#segments.
    """
    sized = [part for part in node.log.closed if part.file.sized and part.first <= part.last]
    early = tuple(part for part in sized if part.file.size_max < _FULL_BYTES)
    entries = sum(part.last - part.first + 1 for part in sized)
    by_snapshots = entries // min(_snapshot_distance(node), _THRESHOLD_MIN) + 1
    dated = sorted(part.file.mtime for part in early if part.file.mtime is not None)
    span = dated[-1] - dated[0] if dated else 0.0
    copied = span <= _COPY_SECONDS + sum(part.file.size_max for part in early) / _COPY_BYTES_A_SECOND
    minutes = None if copied else span / 60 / (len(dated) - 1)
    return EarlyClosings(early, len(sized), max(len(early) - by_snapshots, 0), minutes)


def _snapshot_distance(node: Node) -> int:
    """Entries between the two newest snapshots; without two, the least that k8s-dqlite sets by itself."""
    indexes = sorted({snapshot.name.index for snapshot in node.snapshots})[-2:]
    return indexes[1] - indexes[0] if len(indexes) == 2 else _THRESHOLD_MIN


def last_write(node: Node) -> StateFile | None:
    """The raft file that was written last."""
    files = [part.file for part in node.log.closed] + [part.file for part in node.log.open]
    files += [file for one in node.snapshots if (file := one.meta_file or one.data_file)]
    return max((file for file in files if file.mtime is not None), key=lambda file: file.mtime or 0.0, default=None)


def size_on_disk(node: Node) -> tuple[int, Span]:
    """Bytes of the directory: by the listing's total, else the sum of what is known; and what shows it best."""
    files = [file for file in node.state.files.values() if file.sized]
    shown = sum(file.size_min for file in files)
    largest = max(files, key=lambda file: file.size_min, default=None)
    at = node.state.listed_at or (largest.at if largest else Span(node.state.path))
    return max(node.state.listed_total or 0, shown), at
