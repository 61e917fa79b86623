"""The elections that are found, against every step that small clusters of raft can take."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pytest

from forensics.election.elections import Cut, Passed, Position, Starter, elections, losing

Entry = tuple[int, frozenset[int]]  # term; the voters, where the entry is a configuration, else nobody
Log = tuple[Entry, ...]
State = tuple[Log, ...]

PLAIN: frozenset[int] = frozenset()


def voters(log: Log) -> frozenset[int]:
    """Of the newest configuration."""
    return next((entry[1] for entry in reversed(log) if entry[1]), PLAIN)


def position(log: Log) -> tuple[int, int]:
    """What elections compare."""
    return (log[-1][0], len(log)) if log else (0, 0)


def shared(one: Log, other: Log) -> int:
    """Length of the common beginning."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


@dataclass(frozen=True)
class World:
    """All that raft may do from here: leaders are elected in new terms, and send any part of their log to anybody."""

    committed: Log
    terms: int

    def winners(self, state: State, up: frozenset[int]) -> Iterator[int]:
        for me in up:
            own = voters(state[me])
            willing = {other for other in up & own if position(state[other]) <= position(state[me])}
            if me in own and len(willing) >= len(own) // 2 + 1:
                yield me

    def steps(self, state: State, leader: int | None, up: frozenset[int]) -> Iterator[tuple[State, int | None]]:
        newest = max((log[-1][0] for log in state if log), default=0)
        if newest < self.terms:
            for me in self.winners(state, up):
                grown = (*state[me], (newest + 1, PLAIN))
                yield tuple(grown if at == me else log for at, log in enumerate(state)), me
        if leader is None:
            return
        lead = state[leader]
        for other in up - {leader}:
            same = shared(lead, state[other])
            for length in range(same + 1, len(lead) + 1):
                yield tuple(lead[:length] if at == other else log for at, log in enumerate(state)), leader

    def can_lose(self, state: State, up: frozenset[int]) -> bool:
        """Some run of these nodes makes a leader of one that lacks a committed entry."""
        seen = set()
        front: list[tuple[State, int | None]] = [(state, None)]
        while front:
            here = front.pop()
            if here in seen:
                continue
            seen.add(here)
            if any(here[0][me][: len(self.committed)] != self.committed for me in self.winners(here[0], up)):
                return True
            front += self.steps(*here, up)
        return False


def starters(state: State, committed: Log) -> list[Starter]:
    """The same logs, as the search takes them."""
    return [
        Starter(f"n{at}", at, position(log), voters(log), shared(log, committed), passed(log, len(committed)))
        for at, log in enumerate(state)
    ]


def cut_in(state: State) -> Cut:
    """What a leader cuts off: all that differs, and the first entry of its own stands there then."""

    def cut(leader: str, node: str) -> Position | None:
        lead, log = state[int(leader[1:])], state[int(node[1:])]
        same = shared(lead, log)
        return position(lead[: same + 1]) if same < min(len(lead), len(log)) else None

    return cut


def passed(log: Log, committed: int) -> tuple[Passed, ...]:
    """Each configuration at the last index, below the last committed one, that it was in force for."""
    lengths = range(1, min(len(log), committed - 1) + 1)
    last = {voters(log[:length]): Passed(length, log[length - 1][0], voters(log[:length])) for length in lengths}
    return tuple(last.values())


def any_state(draw: random.Random, nodes: int, *, changes: bool) -> tuple[State, Log]:
    """Logs of one history, cut anywhere, some with a tail of their own, and how much of the history is committed."""
    everybody = frozenset(range(nodes))
    terms = sorted(draw.choice((1, 1, 2)) for _ in range(4))
    history = [(1, everybody), *((term, PLAIN) for term in terms)]
    if changes:
        at = draw.randrange(1, len(history))
        fewer = frozenset(draw.sample(range(nodes), nodes - 1))
        history[at] = (history[at][0], fewer)
    logs = []
    for _ in range(nodes):
        log = history[: draw.randrange(1, len(history) + 1)]
        if draw.random() < 0.3:
            own = sorted(max(log[-1][0], draw.choice((1, 2, 3))) for _ in range(draw.randrange(1, 3)))
            log = [*log, *((term, PLAIN) for term in own)]
        logs.append(tuple(log))
    return tuple(logs), tuple(history[: draw.randrange(1, len(history) + 1)])


@pytest.mark.parametrize("changes", [False, True])
@pytest.mark.parametrize("seed", range(150))
def test_no_run_loses_what_no_election_loses(seed: int, changes: bool) -> None:
    """For every set of nodes: some run can lose a committed entry exactly where an election among them does."""
    draw = random.Random(seed)  # noqa: S311 - test data
    nodes = draw.choice((2, 3, 3, 4))
    state, committed = any_state(draw, nodes, changes=changes)
    found = elections(starters(state, committed), len(committed), cut_in(state))
    assert found is not None
    lost = losing(found, len(committed))
    world = World(committed, max(entry[0] for log in state for entry in log) + 2)
    for size in range(1, nodes + 1):
        for up in combinations(range(nodes), size):
            told = any({int(name[1:]) for name in election.electors} <= set(up) for election in lost)
            assert told == world.can_lose(state, frozenset(up)), (state, committed, up)
