"""What files date, node by node, on an axis of time: apart from the picture of the logs, whose order is raft's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from forensics.report.document import Cluster, Timeline
from forensics.report.picture import Lane, Picture, kinds_of
from forensics.report.picture_blocks import Axis, Block

_TICKS = 5  # a time is wide


def time_picture_of(cluster: Cluster, number: int = 1) -> Picture | None:
    """None where nothing is dated. The mark of a file leads to its row, `time-NUMBER-ROW`, both from 1."""
    timeline = cluster.timeline
    if timeline is None:
        return None
    dated = [(one.time, one.node) for one in timeline.files] + [(one.time, one.node) for one in timeline.boots]
    times = [seconds for time, _ in dated if (seconds := _seconds(time)) is not None]
    if not times:
        return None
    axis = Axis(min(times), max(times))
    names = dict.fromkeys(node for _, node in dated)
    lanes = [Lane(name, "", marks=list(_marks(timeline, name, axis, number))) for name in names]
    return Picture("time", axis, Lane("", ""), lanes, [], _ticks(axis), kinds_of(*lanes))


def _marks(timeline: Timeline, node: str, axis: Axis, number: int) -> Iterator[Block]:
    for row, file in enumerate(timeline.files, 1):
        if file.node == node and (at := _seconds(file.time)) is not None:
            yield axis.mark("file", at, f"{file.time}: {file.what}", f"time-{number}-{row}")
    for boot in timeline.boots:
        if boot.node == node and (at := _seconds(boot.time)) is not None:
            yield axis.mark("boot", at, f"{boot.time}: the host was booted at about this time")


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    """Evenly spaced; the day stands with the first time of a day."""
    step = max(-(-(axis.last - axis.first) // (_TICKS - 1)), 1)
    moments = [datetime.fromtimestamp(time, UTC) for time in range(axis.first, axis.last + 1, step)]
    days = [None, *(moment.date() for moment in moments)]
    return [
        (axis.x(moment.timestamp() + 0.5), f"{moment:%H:%M:%S}" if moment.date() == before else f"{moment:%F %T}")
        for before, moment in zip(days, moments, strict=False)
    ]


def _seconds(time: str | None) -> int | None:
    """None of what is no time: a stored report may hold anything there."""
    try:
        return int(datetime.fromisoformat(time).timestamp()) if time else None
    except (ValueError, OverflowError):
        return None
