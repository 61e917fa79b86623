"""The way to an index: the newest usable snapshot at or below it, then the log; without a snapshot, the log from 1.

A snapshot that is damaged is passed over for an older one where the log reaches from there; only where nothing else
does is it taken as far as it goes, and what is missing is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.database.loss import Loss, LossKind
from forensics.facts.database.pages import Pages
from forensics.facts.database.replay import Replay
from forensics.facts.database.timeline import Run, SnapshotFile, Timeline
from forensics.parsers.snapshot import parse_snapshot_data


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One node's databases at one index. Close it to give its space back.

    Attributes:
        index, term: of the last entry that is in it.
        snapshot: what it was started from; None for the empty database before index 1.
        entries: how many entries of the log were taken on top.
        replay: the databases, and what could not be taken over.
    """

    index: int
    term: int
    snapshot: SnapshotFile | None
    entries: int
    replay: Replay

    def __enter__(self) -> Rebuilt:
        return self

    def __exit__(self, *_: object) -> None:
        self.replay.close()

    @property
    def databases(self) -> dict[str, Pages]:
        """Those that have pages, by name."""
        return {name: pages for name, pages in self.replay.databases.items() if pages.count}

    def losses(self, name: str) -> list[Loss]:
        """What is not as it was in one database; empty where everything is."""
        pages = self.replay.databases.get(name)
        missing = pages.missing() if pages else 0
        gone = [Loss(LossKind.MISSING_PAGES, name, missing, pages.count)] if pages and missing else []
        return [*self.replay.losses, *gone]


def rebuild(timeline: Timeline, at: int | None = None, only: str | None = None) -> Rebuilt | None:
    """The databases right behind entry `at`, or as late as the evidence reaches; None where it does not reach.

    Args:
        timeline: one node's evidence.
        at: the index.
        only: build no other database than this one.
    """
    bases = [found for found in timeline.snapshots if at is None or found.name.index <= at]
    damaged: list[SnapshotFile] = []
    for base in (*bases, None):
        replay = _restored(base, only)
        if base is not None and replay.losses:
            damaged.append(base)
            replay.close()
        elif rebuilt := _advance(replay, base, timeline, at):
            return rebuilt
    attempts = (_advance(_restored(base, only), base, timeline, at) for base in damaged)
    return next(filter(None, attempts), None)


def _restored(base: SnapshotFile | None, only: str | None) -> Replay:
    """A snapshot's databases, as far as it can be read; none for None."""
    replay = Replay(only)
    if base is not None and base.file.blob is not None:
        replay.restore(base.file.blob)
    return replay


def reach(timeline: Timeline) -> list[Run]:
    """Indexes at which databases can be rebuilt, as ranges. Reads everything that there is of the node."""
    runs = timeline.runs()
    found = [run for run in runs if run.first == 1]
    for base in timeline.snapshots:
        if base.file.blob is None or not parse_snapshot_data(base.file.blob).whole:
            continue
        index = base.name.index
        onward = [run.last for run in runs if run.first <= index + 1 <= run.last]
        found.append(Run(index, max(onward, default=index)))
    return _merged(found)


def _advance(replay: Replay, base: SnapshotFile | None, timeline: Timeline, at: int | None) -> Rebuilt | None:
    """Apply the log on top; None (and nothing kept) where it does not lead to `at`."""
    start, term = (base.name.index, base.name.term) if base else (0, 0)
    index = start
    for entry in timeline.entries(start + 1, at) if at is None or at > start else ():
        if transaction := replay.apply(entry):
            replay.write(transaction)
        index, term = entry.index, entry.term
    if index == 0 or (at is not None and index != at):
        replay.close()
        return None
    return Rebuilt(index, term, base, index - start, replay)


def _merged(runs: list[Run]) -> list[Run]:
    merged: list[Run] = []
    for run in sorted(runs, key=lambda run: run.first):
        if merged and run.first <= merged[-1].last + 1:
            merged[-1] = Run(merged[-1].first, max(run.last, merged[-1].last))
        else:
            merged.append(run)
    return merged
