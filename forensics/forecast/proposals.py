"""What-if, searched: the smallest set of files to move aside after which the node would start, and what each loses.

Nothing is executed. Each candidate is one simulated start on the same content, so that it costs a millisecond. A
failing start is mended only by taking away something that it stumbles over: the search branches over those files,
smallest sets first, and is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.forecast.directory_scan import name_bytes
from forensics.forecast.files import StateFile
from forensics.forecast.losses import Loss, Losses, count_all
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.versions import Library
from forensics.ingest.raft_names import (
    parse_closed,
    parse_open,
    parse_snapshot,
    parse_snapshot_meta,
)
from forensics.limits import PROPOSAL_STARTS_MAX, PROPOSALS_MAX

_WORD = re.compile(r"[^\s:,;]+")
Files = Mapping[str, StateFile]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Files to move aside, and the start after that.

    Attributes:
        files: names, sorted.
        after: the forecast without them.
        lost: entries that are then no longer part of the log, whether moved aside here or dropped by the start.
    """

    files: tuple[str, ...]
    after: Forecast
    lost: tuple[Loss, ...]


def propose(files: Files, said: Forecast, node_id: int | None) -> tuple[Proposal, ...]:
    """For a node that does not start, and whose files are all at hand: up to PROPOSALS_MAX sets, the smallest first."""
    if said.outcome == "starts" or said.unseen:
        return ()
    search = _Search(files, said.library, node_id)
    found = dict(search.run(said))
    if not found:
        return ()
    made = [Proposal(tuple(sorted(names)), after, _lost(files, names, after)) for names, after in found.items()]
    made.sort(key=lambda one: (len(one.files), _weight(one.lost), one.files))
    return tuple(_worth_choosing(made))[:PROPOSALS_MAX]


def _worth_choosing(made: list[Proposal]) -> Iterator[Proposal]:
    """The smallest sets; of larger ones only those that lose less than every smaller one."""
    least = None
    for one in made:
        weight = _weight(one.lost)
        if len(one.files) == len(made[0].files) or least is None or weight < least:
            yield one
        least = weight if least is None else min(least, weight)


class _Search:
    """Breadth first over sets of units: a segment, a snapshot with its meta, a metadata file."""

    def __init__(self, files: Files, library: Library, node_id: int | None) -> None:
        self._files = files
        self._library = library
        self._node_id = node_id
        self._left = PROPOSAL_STARTS_MAX

    def run(self, said: Forecast) -> Iterator[tuple[frozenset[str], Forecast]]:
        """Sets after which the node starts: the shortcuts first, then everything that is not larger than the best."""
        best = len(self._files)
        seen: set[frozenset[str]] = set()
        for names in self._shortcuts(said):
            after = self._start(names)
            seen.add(names)
            if after is not None and after.outcome == "starts":
                best = min(best, len(names))
                yield names, after
        level: list[tuple[frozenset[str], Forecast]] = [(frozenset(), said)]
        while level and self._left:
            following = []
            for names, failing in level:
                for unit in self._suspects(names, failing):
                    grown = names | unit
                    if grown in seen or len(grown) > best:
                        continue
                    seen.add(grown)
                    after = self._start(grown)
                    if after is None:
                        return
                    if after.outcome == "starts":
                        best = min(best, len(grown))
                        yield grown, after
                    else:
                        following.append((grown, after))
            level = following

    def _start(self, without: frozenset[str]) -> Forecast | None:
        if not self._left:
            return None
        self._left -= 1
        left = {name: file for name, file in self._files.items() if name not in without}
        return forecast(left, self._library, self._node_id)

    def _shortcuts(self, said: Forecast) -> Iterator[frozenset[str]]:
        """The log from the named segment on, or up to it: what takes many single steps to find."""
        segments = self._segments()
        named = [name for name in self._named(said) if name in segments]
        for name in named[:1]:
            place = segments.index(name)
            yield frozenset(segments[place:])
            yield frozenset(segments[: place + 1])
            yield frozenset(segments[:place]) or frozenset({name})
        if segments:
            yield frozenset(segments)

    def _segments(self) -> list[str]:
        """Closed ones by first index, then open ones by counter."""
        closed = [(found.first, found.last, name) for name in self._files if (found := parse_closed(name))]
        opened = [(counted.counter, name) for name in self._files if (counted := parse_open(name))]
        return [name for *_, name in sorted(closed)] + [name for _, name in sorted(opened)]

    def _suspects(self, without: frozenset[str], failing: Forecast) -> list[frozenset[str]]:
        """Units that this failure may be due to."""
        names = [name for name in self._files if name not in without]
        named = [name for name in self._named(failing) if name not in without]
        segments = [name for name in self._segments() if name not in without]
        if failing.stage == "init":
            chosen = named or [name for name in names if name in ("metadata1", "metadata2", ".probe")]
            return [frozenset({name}) for name in chosen or [name for name in names if name_bytes(name) >= 128]]
        units = [self._unit(name) for name in named]
        for name in named:
            if name in segments:
                place = segments.index(name)
                units += [frozenset({other}) for other in segments[max(0, place - 1) : place]]
        if failing.stage == "start" or not units:
            units += [frozenset({name}) for name in (*segments[:1], *segments[-1:])]
        snapshots = [name for name in names if parse_snapshot_meta(name)]
        newest = max(snapshots, key=lambda name: parse_snapshot_meta(name).order, default=None)  # type: ignore[union-attr]
        if newest is not None:
            units.append(self._unit(newest))
        return list(dict.fromkeys(units)) if units else [frozenset({name}) for name in segments]

    def _named(self, said: Forecast) -> list[str]:
        """Files that the failure's text names."""
        words = _WORD.findall(f"{said.message or ''} {said.why or ''}")
        return [word for word in words if word in self._files]

    def _unit(self, name: str) -> frozenset[str]:
        """A snapshot's data and meta go together: one half alone would be deleted at the next start."""
        other = name.removesuffix(".meta") if name.endswith(".meta") else f"{name}.meta"
        return frozenset({name, other} if other in self._files else {name})


def _lost(files: Files, names: frozenset[str], after: Forecast) -> tuple[Loss, ...]:
    """Of the moved files: what the resulting log does not hold; and what the start itself drops."""
    if after.loaded is None:
        return after.lost
    losses = Losses()
    log = after.loaded.log
    covered = after.loaded.snapshot.index if after.loaded.snapshot else 0
    following = max(covered, log.last) + 1
    for name in sorted(names):
        closed, opened = parse_closed(name), parse_open(name)
        snapshot = parse_snapshot(name)
        if closed is not None:
            losses.ignored.append(Loss(closed.first, closed.last, f"{name} is moved aside"))
        elif opened is not None:
            file = files[name]
            count = count_all(file.segment, file.blob) if file.blob is not None else 0
            if count != 0:
                last = None if count is None else following + count - 1
                losses.ignored.append(Loss(following, last, f"{name} is moved aside"))
                following = following if last is None else last + 1
        elif snapshot is not None and snapshot.index > max(covered, log.last):
            losses.ignored.append(Loss(None, snapshot.index, f"{name} is moved aside"))
    return (*losses.settle(covered, log.start, log.last), *after.lost)


def _weight(lost: tuple[Loss, ...]) -> int:
    """How many entries, an unknown end counting as many."""
    return sum((1 << 40) if one.first is None or one.last is None else one.last - one.first + 1 for one in lost)
