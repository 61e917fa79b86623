"""The search behind proposals: which sets of files a failing node starts without.

A failing start only succeeds once something that it fails at is taken away: the search branches over those files, the
smallest sets first, and is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forensics.forecast.clean_up import name_bytes
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.reasons import Outcome, Stage
from forensics.forecast.versions import Library
from forensics.ingest.raft_names import parse_closed, parse_open, parse_snapshot_meta
from forensics.limits import PROPOSAL_FILES_MAX, PROPOSAL_STARTS_MAX

_UNCHECKED_NAME_BYTES = 128  # longer names fail an assertion that names no file
_Tried = tuple[frozenset[str], Forecast]


class ProposalSearch:
    """Breadth first over sets of units: a segment, a snapshot with its meta, a metadata file."""

    def __init__(self, files: Mapping[str, StateFile], library: Library, node_id: int | None) -> None:
        self._files = files
        self._library = library
        self._node_id = node_id
        self._segments = _segments(files)
        self._left = PROPOSAL_STARTS_MAX  # of simulated starts
        self._files_left = PROPOSAL_FILES_MAX  # that these may look at
        self._largest = len(files)  # sets beyond this size are not looked at: a smaller one is known
        self._seen: set[frozenset[str]] = set()

    def starting_sets(self, said: Forecast) -> Iterator[_Tried]:
        """Sets after which the node starts: the shortcuts first, then everything that is not larger than the best."""
        in_vain: list[_Tried] = []
        for names in self._shortcuts(said):
            yield from self._tried(names, in_vain)
        self._seen.difference_update(names for names, _ in in_vain)  # more may have to go with them
        level: list[_Tried] = [(frozenset(), said)]
        while level and self._may_go_on:
            failing: list[_Tried] = []
            for names, so_far in level:
                for suspects in self._suspects(names, so_far):
                    yield from self._grown(names | suspects, failing)
            level = failing

    @property
    def _may_go_on(self) -> bool:
        return self._left > 0 and self._files_left > 0

    def _grown(self, names: frozenset[str], failing: list[_Tried]) -> Iterator[_Tried]:
        """One set of the breadth-first search, unless it was tried before or is too large."""
        if names not in self._seen and len(names) <= self._largest:
            yield from self._tried(names, failing)

    def _tried(self, without: frozenset[str], failing: list[_Tried]) -> Iterator[_Tried]:
        """A start without these files: given where it succeeds, else put to those that fail."""
        self._seen.add(without)
        if not self._may_go_on:
            return
        self._left -= 1
        self._files_left -= len(self._files)
        left = {name: file for name, file in self._files.items() if name not in without}
        after = forecast(left, self._library, self._node_id)
        if after.outcome is Outcome.STARTS:
            self._largest = min(self._largest, len(without))
            yield without, after
        else:
            failing.append((without, after))

    def _shortcuts(self, said: Forecast) -> Iterator[frozenset[str]]:
        """The log from the culprit on, or up to it: what takes many single steps to find."""
        segments = self._segments
        culprit = next((name for name in said.culprits if name in segments), None)
        if culprit is not None:
            place = segments.index(culprit)
            yield frozenset(segments[place:])
            yield frozenset(segments[: place + 1])
            yield frozenset(segments[:place]) or frozenset({culprit})
        if segments:
            yield frozenset(segments)

    def _suspects(self, without: frozenset[str], failing: Forecast) -> list[frozenset[str]]:
        """What to take away next, at a start without these files that still fails: likely ones first."""
        names = sorted(name for name in self._files if name not in without)
        culprits = [name for name in failing.culprits if name in self._files and name not in without]
        if failing.stage is Stage.INIT:
            return [frozenset({name}) for name in culprits or _of_metadata(names) or _overlong(names)]
        units = [self._unit(name) for name in culprits]
        units += self._segments_to_blame(without, failing, culprits)
        units += [self._unit(name) for name in _newest_snapshot(names)]
        return list(dict.fromkeys(units))

    def _segments_to_blame(
        self, without: frozenset[str], failing: Forecast, culprits: list[str]
    ) -> Iterator[frozenset[str]]:
        """Those before the culprits; and the ends of the log, where a culprit does not say enough."""
        left = [name for name in self._segments if name not in without]
        suspects = [name for culprit in culprits for name in _before(culprit, left)]
        if failing.stage is Stage.START or failing.outcome is Outcome.CRASHES or not culprits:
            suspects += [*left[:1], *left[-1:]]
        return (frozenset({name}) for name in suspects)

    def _unit(self, name: str) -> frozenset[str]:
        """A snapshot's data and meta go together: one half alone would be deleted at the next start."""
        other = name.removesuffix(".meta") if name.endswith(".meta") else f"{name}.meta"
        return frozenset({name, other} if other in self._files else {name})


def _segments(files: Mapping[str, StateFile]) -> list[str]:
    """Names of closed ones by first index, then of open ones by counter."""
    closed = [(found.first, found.last, name) for name in files if (found := parse_closed(name))]
    opened = [(counted.counter, name) for name in files if (counted := parse_open(name))]
    return [name for *_, name in sorted(closed)] + [name for _, name in sorted(opened)]


def _before(culprit: str, segments: list[str]) -> list[str]:
    """The segment before it may be the one that ends where it should not."""
    place = segments.index(culprit) if culprit in segments else 0
    return segments[max(0, place - 1) : place]


def _of_metadata(names: list[str]) -> list[str]:
    return [name for name in names if name in ("metadata1", "metadata2", ".probe")]


def _overlong(names: list[str]) -> list[str]:
    return [name for name in names if name_bytes(name) >= _UNCHECKED_NAME_BYTES]


def _newest_snapshot(names: list[str]) -> list[str]:
    """The meta file of the one that the library takes; empty where there is none."""
    metas = [(found.order, name) for name in names if (found := parse_snapshot_meta(name))]
    return [max(metas, key=lambda one: one[0])[1]] if metas else []
