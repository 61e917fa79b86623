"""Listing the directory, and putting what is in it in order.

Source: canonical/raft src/uv_list.c, src/uv_segment.c (uvSegmentInfoCompare), src/uv_snapshot.c (uvSnapshotCompare);
docs/reference/start.md#listing-and-sorting; docs/reference/files.md#how-names-are-parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from forensics.forecast.clean_up import NAME_BYTES, name_bytes
from forensics.forecast.simulation import Run
from forensics.ingest.raft_names import parse_closed, parse_open, parse_snapshot_meta

_SEGMENT_NAME_BYTES = 33  # what fits in uvSegmentInfo.filename: longer names are cut, and then not found
_IGNORED = frozenset({"metadata1", "metadata2"})

T = TypeVar("T")


@dataclass(slots=True)
class SegmentInfo:
    """One segment of the list. Loading turns open ones into closed ones in place, as the library does."""

    name: str
    is_open: bool
    first: int = 0
    end: int = 0
    counter: int = 0


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """One snapshot whose data file exists and is not empty."""

    meta_name: str
    term: int
    index: int
    timestamp: int

    @property
    def data_name(self) -> str:
        """The name of the data file."""
        return self.meta_name.removesuffix(".meta")


def list_files(run: Run) -> tuple[list[SnapshotInfo], list[SegmentInfo]]:
    """All usable snapshots and all segments, each in the order in which the library takes them."""
    snapshots: list[SnapshotInfo] = []
    segments: list[SegmentInfo] = []
    for name in run.directory:
        if name_bytes(name) >= NAME_BYTES or name in _IGNORED:
            continue
        meta = parse_snapshot_meta(name)
        if meta is not None:
            snapshots += _usable(run, SnapshotInfo(name, meta.term, meta.index, meta.timestamp_ms))
        elif (closed := parse_closed(name)) is not None:
            segments.append(SegmentInfo(_cut(name), is_open=False, first=closed.first, end=closed.last))
        elif (opened := parse_open(name)) is not None:
            segments.append(SegmentInfo(_cut(name), is_open=True, counter=opened.counter))
    snapshots = merge_sort(snapshots, _compare_snapshots)
    segments = merge_sort(segments, lambda one, two: _compare_segments(run, one, two))
    return snapshots, segments


def _usable(run: Run, info: SnapshotInfo) -> list[SnapshotInfo]:
    """The snapshot, unless its data is missing or empty; an empty one is noted as a loss."""
    if info.data_name not in run.directory:
        return []
    if run.directory.size(info.data_name) > 0:
        return [info]
    run.losses.snapshots[info.data_name] = info.index
    return []


def _cut(name: str) -> str:
    return name.encode("utf-8", "surrogateescape")[:_SEGMENT_NAME_BYTES].decode("utf-8", "surrogateescape")


def _compare_snapshots(one: SnapshotInfo, two: SnapshotInfo) -> int:
    return -1 if (one.term, one.index, one.timestamp) < (two.term, two.index, two.timestamp) else 1


def _compare_segments(run: Run, one: SegmentInfo, two: SegmentInfo) -> int:
    """Not an order where ranges overlap: it never answers "equal", and looks at one end only."""
    if one.is_open != two.is_open:
        return 1 if one.is_open else -1
    if one.is_open:
        run.must(one.counter != two.counter, "s1->counter != s2->counter")
        return -1 if one.counter < two.counter else 1
    return -1 if two.first > one.end else 1


def merge_sort(items: list[T], compare: Callable[[T, T], int]) -> list[T]:
    """The qsort of glibc (stdlib/msort.c): where the comparison is no order, the result depends on the pairs asked."""
    if len(items) <= 1:
        return items
    half = len(items) // 2
    left = merge_sort(items[:half], compare)
    right = merge_sort(items[half:], compare)
    merged: list[T] = []
    at_left = at_right = 0
    while at_left < len(left) and at_right < len(right):
        if compare(left[at_left], right[at_right]) <= 0:
            merged.append(left[at_left])
            at_left += 1
        else:
            merged.append(right[at_right])
            at_right += 1
    return merged + left[at_left:] + right[at_right:]
