"""By when an entry was written, as the time of its file tells. Entries themselves carry no time.

Source: docs/reference/segments.md#batches.

A segment's time is that of its last write, or of a copy that did not keep it: an upper bound in either case. Where all
segments of a directory have one time it is the copy's, and worth nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.node.node import Node


@dataclass(frozen=True, slots=True)
class LatestWriteTime:
    """An upper bound: seconds since 1970 UTC, and the file whose time it is."""

    time: float
    path: str


def latest_write_time(node: Node, index: int) -> LatestWriteTime | None:
    """For an entry of one node's log; None where its file times tell nothing."""
    files = [(start, start + len(segment) - 1, part.file) for start, segment, part in node.log.parts()]
    times = {file.mtime for *_, file in files if file.mtime and file.mtime_year}
    holding = next((file for begin, end, file in files if begin <= index <= end), None)
    if len(times) < 2 or holding is None or not holding.mtime or not holding.mtime_year:
        return None
    return LatestWriteTime(holding.mtime, holding.at.path)
