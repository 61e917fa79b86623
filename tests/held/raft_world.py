"""Every step that a few directories can take as raft nodes: what the search over elections is held against.

Nothing here knows how the tool decides. Logs are tuples of entries; for real logs, entries between which nothing
differs are one block (see `blocks`), so that the steps remain few.

Source: docs/reference/raft.md#what-must-hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from tests.held.raw_log import CHANGE, Entry

Block = tuple[int, frozenset[int], Hashable]
"""Term of the last entry; the voters of the last configuration in it, nobody where it holds none; what it is."""
Log = tuple[Block, ...]
State = tuple[Log, ...]

NOBODY: frozenset[int] = frozenset()
STATES_MAX = 300_000


class TooManyStatesError(Exception):
    """The steps were not all tried."""


def voters(log: Log) -> frozenset[int]:
    """Of the newest configuration."""
    return next((block[1] for block in reversed(log) if block[1]), NOBODY)


def position(log: Log) -> tuple[int, int]:
    """What elections compare."""
    return (log[-1][0], len(log)) if log else (0, 0)


def shared(one: Log, other: Log) -> int:
    """Length of the common beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, pair in pairs if pair[0] != pair[1]), min(len(one), len(other)))


@dataclass(frozen=True)
class World:
    """All that raft may do from here: leaders are elected in new terms, and send any part of their log to anybody.

    Attributes:
        committed: what every leader must have, to its end.
        terms: the last term that a leader is elected in.
        ids: who the nodes are; their places, where empty.
    """

    committed: Log
    terms: int
    ids: tuple[int, ...] = ()

    def winners(self, state: State, up: frozenset[int]) -> Iterator[int]:
        """Who can be elected now."""
        for me in up:
            own = voters(state[me])
            willing = {self._id(at) for at in up if self._votes(state[at], at, position(state[me]))} & own
            if self._id(me) in own and len(willing) >= len(own) // 2 + 1:
                yield me

    def steps(self, state: State, leader: int | None, up: frozenset[int]) -> Iterator[tuple[State, int | None]]:
        """What can happen next."""
        newest = max((log[-1][0] for log in state if log), default=0)
        if newest < self.terms:
            for me in self.winners(state, up):
                grown = (*state[me], (newest + 1, NOBODY, ()))
                yield tuple(grown if at == me else log for at, log in enumerate(state)), me
        if leader is None:
            return
        lead = state[leader]
        for other in up - {leader}:
            same = shared(lead, state[other])
            for length in range(same + 1, len(lead) + 1):
                yield tuple(lead[:length] if at == other else log for at, log in enumerate(state)), leader

    def can_lose(self, state: State, up: frozenset[int]) -> bool:
        """Some run of these nodes makes a leader of one that lacks a committed entry.

        Raises TooManyStatesError where the runs are too many to try.
        """
        seen = set()
        front: list[tuple[State, int | None]] = [(state, None)]
        while front:
            here = front.pop()
            if here in seen:
                continue
            seen.add(here)
            if len(seen) > STATES_MAX:
                raise TooManyStatesError
            if any(here[0][me][: len(self.committed)] != self.committed for me in self.winners(here[0], up)):
                return True
            front += self.steps(*here, up)
        return False

    def _votes(self, log: Log, at: int, wanted: tuple[int, int]) -> bool:
        """It is a voter by its own configuration, and its log ends no later."""
        return self._id(at) in voters(log) and position(log) <= wanted

    def _id(self, at: int) -> int:
        return self.ids[at] if self.ids else at


def blocks(lines: Sequence[Sequence[Entry]]) -> list[Log]:
    """Histories as logs of few blocks: cut where one ends, two part, a term begins, or a configuration stands."""
    cuts = sorted({cut for line in lines for cut in _cuts(line, lines)})
    return [_blocks(line, [cut for cut in cuts if cut <= len(line)]) for line in lines]


def _cuts(line: Sequence[Entry], lines: Sequence[Sequence[Entry]]) -> Iterator[int]:
    """Lengths that matter."""
    yield len(line)
    for other in lines:
        pairs = enumerate(zip(line, other, strict=False))
        yield next((at for at, pair in pairs if pair[0] != pair[1]), min(len(line), len(other)))
    for at, one in enumerate(line):
        if at and one.term != line[at - 1].term:
            yield at
        if one.kind == CHANGE:
            yield from (at, at + 1)


def _blocks(line: Sequence[Entry], cuts: list[int]) -> Log:
    made = []
    for start, end in zip([0, *cuts], cuts, strict=False):
        part = tuple(line[start:end])
        if part:
            changes = [one.voters for one in part if one.kind == CHANGE]
            made.append((part[-1].term, changes[-1] if changes else NOBODY, hash(part)))
    return tuple(made)
