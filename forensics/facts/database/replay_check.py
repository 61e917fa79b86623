"""Does the newest snapshot say what the log that leads to it says? Two ways to one state, page by page.

Equal in every real directory that was looked at (docs/reference/commands.md#rebuilding-a-database). Where they differ,
entries were lost, added or shifted, or the snapshot was changed behind its checksum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.database.pages import Pages
from forensics.facts.database.rebuild import rebuild
from forensics.facts.database.replay import Replay
from forensics.facts.database.timeline import SnapshotFile, Timeline
from forensics.limits import COMPARED_BYTES_MAX


@dataclass(frozen=True, slots=True)
class Difference:
    """What comparing gave.

    Attributes:
        index: of the snapshot. snapshot: its file.
        base: name of the snapshot that the log was followed from; None for index 1.
        pages: (database, page) where they differ, the first few; page 0 where the sizes do. Empty where all are equal.
        places: where in the log the differing pages were written.
    """

    index: int
    snapshot: Span
    base: str | None
    pages: tuple[tuple[str, int], ...]
    places: tuple[Span, ...]


_SHOWN = 10


def compare_newest(timeline: Timeline, claimed: Mapping[str, int]) -> Difference | None:
    """Compare the newest snapshot with the log; None where that is damaged, too large, or no log leads to it.

    `claimed`: bytes of the databases in a snapshot, as it says itself, by its name.
    """
    newest = timeline.snapshots[0] if timeline.snapshots else None
    if newest is None or claimed.get(newest.file.name, 0) > COMPARED_BYTES_MAX:
        return None
    older = Timeline(timeline.state, timeline.snapshots[1:], timeline.closed, timeline.open, timeline.known)
    return compare_snapshot(newest, older)


def compare_snapshot(newest: SnapshotFile, timeline: Timeline) -> Difference | None:
    """Compare a snapshot with what other evidence gives at its index, this node's or another's; None as above."""
    if newest.file.blob is None or newest.file.blob.size > COMPARED_BYTES_MAX:
        return None
    snapshot = Replay()
    snapshot.restore(newest.file.blob)
    useless = snapshot.losses or _size(snapshot) > COMPARED_BYTES_MAX  # told before the log is followed for nothing
    followed = None if useless else rebuild(timeline, newest.name.index)
    try:
        if followed is None or followed.replay.losses:
            return None
        found = _differing(snapshot.databases, followed.replay.databases)
        logged = followed.replay.databases
        places = tuple(at for name, page in found if name in logged and (at := logged[name].span(page)))
        base = followed.snapshot.file.name if followed.snapshot else None
        return Difference(newest.name.index, newest.file.at, base, found, places)
    finally:
        snapshot.close()
        if followed is not None:
            followed.replay.close()


def _differing(one: dict[str, Pages], other: dict[str, Pages]) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for name in sorted({*one, *other}):
        mine, theirs = one.get(name), other.get(name)
        if mine is None or theirs is None or mine.count != theirs.count:
            if (mine.count if mine else 0) != (theirs.count if theirs else 0):
                found.append((name, 0))
            continue
        found += [(name, page) for page in _unequal(mine, theirs)]
    return tuple(found[:_SHOWN])


def _unequal(mine: Pages, theirs: Pages) -> Iterator[int]:
    """Numbers of the pages that differ: large pieces first, because hardly any differs."""
    page = 1
    for one, other in zip(mine.chunks(), theirs.chunks(), strict=True):
        size = mine.page_size
        if one != other:
            pieces = range(0, len(one), size)
            yield from (page + at // size for at in pieces if one[at : at + size] != other[at : at + size])
        page += len(one) // size


def _size(replay: Replay) -> int:
    return sum(pages.size for pages in replay.databases.values())
