"""What-if, searched: the smallest set of files to move away after which the node would start, and what each loses.

Nothing is executed: each candidate is one simulated start on the same content, which costs a millisecond. The search
itself is in proposal_search.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.forecast.files import StateFile
from forensics.forecast.losses import Loss, LossCause, Losses, count_all
from forensics.forecast.model import Forecast
from forensics.forecast.proposal_search import ProposalSearch
from forensics.forecast.reasons import Outcome
from forensics.ingest.raft_names import parse_closed, parse_open, parse_snapshot
from forensics.limits import PROPOSALS_MAX


@dataclass(frozen=True, slots=True)
class Proposal:
    """Files to move away, and the start after that.

    Attributes:
        files: names, sorted.
        after: the forecast without them.
        lost: entries that are then no longer part of the log, whether moved away here or dropped by the start.
    """

    files: tuple[str, ...]
    after: Forecast
    lost: tuple[Loss, ...]


def propose(files: Mapping[str, StateFile], said: Forecast, node_id: int | None) -> tuple[Proposal, ...]:
    """For a node that does not start, and whose files are all at hand: up to PROPOSALS_MAX sets, the smallest first."""
    if said.outcome is Outcome.STARTS or said.unseen:
        return ()
    found = dict(ProposalSearch(files, said.library, node_id).starting_sets(said))
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


def _lost(files: Mapping[str, StateFile], names: frozenset[str], after: Forecast) -> tuple[Loss, ...]:
    """Of the moved files: what the resulting log does not hold; and what the start itself drops."""
    if after.loaded is None:
        return after.lost
    log = after.loaded.log
    covered = after.loaded.snapshot.index if after.loaded.snapshot else 0
    end = max(covered, log.last)
    losses = Losses()
    losses.ignored += _of_closed(names)
    losses.ignored += _of_open(files, names, end + 1)
    losses.ignored += _of_snapshots(names, end)
    losses.ignored.sort(key=lambda one: one.file)
    return (*losses.settle(covered, log.start, log.last), *after.lost)


def _of_closed(names: frozenset[str]) -> Iterator[Loss]:
    """Their names tell what they hold."""
    for name in names:
        closed = parse_closed(name)
        if closed is not None:
            yield Loss(closed.first, closed.last, LossCause.TAKEN_AWAY, name)


def _of_open(files: Mapping[str, StateFile], names: frozenset[str], following: int) -> Iterator[Loss]:
    """Their entries carry no index: as if they followed the log that is left, which ends before `following`."""
    for name in sorted(name for name in names if parse_closed(name) is None and parse_open(name) is not None):
        file = files[name]
        count = count_all(file.segment, file.blob) if file.blob is not None else 0
        if count == 0:
            continue
        last = None if count is None else following + count - 1
        yield Loss(following, last, LossCause.TAKEN_AWAY, name)
        following = following if last is None else last + 1


def _of_snapshots(names: frozenset[str], end: int) -> Iterator[Loss]:
    """What they cover behind the end of the log that is left."""
    for name in names:
        snapshot = parse_snapshot(name)
        if snapshot is not None and snapshot.index > end:
            yield Loss(None, snapshot.index, LossCause.TAKEN_AWAY, name)


def _weight(lost: tuple[Loss, ...]) -> int:
    """How many entries, an unknown end counting as many."""
    return sum((1 << 40) if one.first is None or one.last is None else one.last - one.first + 1 for one in lost)
