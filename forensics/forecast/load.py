"""Loading snapshot and entries, with the one retry.

Source: canonical/raft src/uv.c; docs/reference/start.md#which-segments-are-used; docs/reference/start.md#self-repair.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.forecast.directory_list import SegmentInfo, list_files
from forensics.forecast.losses import Loss, LossCause
from forensics.forecast.segments import U64, Log, load_all
from forensics.forecast.simulation import Code, Failed, Run
from forensics.forecast.snapshot import Snapshot, load_snapshot


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading returns."""

    snapshot: Snapshot | None
    log: Log


def load(run: Run) -> Loaded:
    """uvLoadSnapshotAndEntries: once more from scratch after corruption, which the first pass may have cleaned up."""
    try:
        return _load_once(run)
    except Failed as failure:
        if failure.code != Code.CORRUPT:
            raise
    return _load_once(run)


def _load_once(run: Run) -> Loaded:
    snapshots, segments = list_files(run)
    snapshot = load_snapshot(run, snapshots[-1]) if snapshots else None
    start = 1
    if snapshot is not None:
        segments = _filter(run, snapshot, segments)
        start = (snapshot.index + 1) & U64 if not segments or segments[0].is_open else segments[0].first
    if not segments:
        return Loaded(snapshot, Log(start))
    unnumbered = any(info.is_open and run.directory.is_unseen(info.name) for info in segments)
    log = load_all(run, start, segments)
    if snapshot is not None and log.last < snapshot.index and not unnumbered:
        why = f"last entry on disk has index {log.last}, which is behind last snapshot's index {snapshot.index}"
        raise run.fail(Code.CORRUPT, why)
    return Loaded(snapshot, log)


def _filter(run: Run, snapshot: Snapshot, segments: list[SegmentInfo]) -> list[SegmentInfo]:
    """Keep the newest chain of closed segments without a gap, and all open ones (uvFilterSegments)."""
    closed = sum(not info.is_open for info in segments)
    if closed == 0:
        return segments
    if segments[closed - 1].end < snapshot.index and not segments[-1].is_open:
        _note_ignored(run, segments)
        return []
    first = closed - 1
    while first > 0 and segments[first - 1].end == (segments[first].first - 1) & U64:
        first -= 1
    head = segments[first]
    if head.first > (snapshot.index + 1) & U64:
        run.reading = (head.name, snapshot.info.data_name)
        why = f"closed segment {head.name} is past last snapshot {snapshot.info.data_name}"
        raise run.fail(Code.CORRUPT, why)
    _note_ignored(run, segments[:first])
    return segments[first:]


def _note_ignored(run: Run, infos: list[SegmentInfo]) -> None:
    for info in infos:
        run.losses.ignored.append(Loss(info.first, info.end, LossCause.NOT_LOADED, info.name))
