"""The elections that are found, against every step that small clusters of raft can take."""

from __future__ import annotations

import random
import time
from itertools import combinations

import pytest

from forensics.election.elections import (
    Cut,
    Passed,
    Position,
    Starter,
    Unsearched,
    elections,
    held_by,
    losing,
    unsearched,
    winners,
)
from tests.held.raft_world import NOBODY, Block, Log, State, World, position, shared, voters


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


def any_state(draw: random.Random, nodes: int, changes: str) -> tuple[State, Log]:
    """Logs of one history, cut anywhere, some with a tail of their own, and how much of the history is committed."""
    everybody = frozenset(range(nodes))
    terms = sorted(draw.choice((1, 1, 2)) for _ in range(4))
    history = [entry(1, everybody), *(entry(term) for term in terms)]
    if changes == "fewer":
        at = draw.randrange(1, len(history))
        history[at] = entry(history[at][0], frozenset(draw.sample(range(nodes), nodes - 1)))
    if changes == "more":
        history = [entry(1, frozenset(range(count + 1))) for count in range(nodes)] + history[1:4]
    logs = []
    for _ in range(nodes):
        log = history[: draw.randrange(1, len(history) + 1)]
        if draw.random() < 0.3:
            own = sorted(max(log[-1][0], draw.choice((1, 2, 3))) for _ in range(draw.randrange(1, 3)))
            log = [*log, *(entry(term) for term in own)]
        logs.append(() if draw.random() < 0.15 else tuple(log))
    return tuple(logs), tuple(history[: draw.randrange(1, len(history) + 1)])


def entry(term: int, voters: frozenset[int] = NOBODY) -> Block:
    """One, that is told from others by term alone."""
    return term, voters, ()


@pytest.mark.parametrize("changes", ["none", "fewer", "more"])
@pytest.mark.parametrize("seed", range(150))
def test_no_run_loses_what_no_election_loses(seed: int, changes: str) -> None:
    """For every set of nodes: some run can lose a committed entry exactly where an election among them does."""
    draw = random.Random(seed)  # noqa: S311 - test data
    nodes = draw.choice((2, 3, 3, 4))
    state, committed = any_state(draw, nodes, changes)
    found = elections(starters(state, committed), len(committed), cut_in(state))
    if found is None:  # three histories part: see the test below
        return
    lost = losing(found, len(committed))
    world = World(committed, max((block[0] for log in state for block in log), default=0) + 2)
    for size in range(1, nodes + 1):
        for up in combinations(range(nodes), size):
            told = any({int(name[1:]) for name in election.electors} <= set(up) for election in lost)
            assert told == world.can_lose(state, frozenset(up)), (state, committed, up)


def test_of_one_set_what_loses_the_most_comes_first() -> None:
    """A gives b 1 to 3 or 1 to 5, and c, that ends at 2, votes for it either way: 4 to 9 can be lost."""
    everybody = frozenset({1, 2, 3})
    passed = (Passed(3, 1, everybody), Passed(5, 1, everybody))
    a = Starter("a", 1, (1, 9), everybody, 9, passed)
    b = Starter("b", 2, (0, 0), frozenset(), 0)
    c = Starter("c", 3, (1, 2), everybody, 2)
    found = elections([a, b, c], 9, lambda leader, node: None)  # noqa: ARG005 - nothing is cut
    assert found is not None
    by_b = [one.loses(9) for one in losing(found, 9) if one.leader == "b"]
    assert by_b[0] == (4, 9)
    assert set(by_b) == {(4, 9), (6, 9)}


def test_three_histories_among_four_nodes_cannot_be_told() -> None:
    """Found by exploring every step: no single election loses entry 2, and yet a run of two leaders in turn does."""
    everybody = frozenset(range(4))
    first = entry(1, everybody)
    terms = ((1, 3), (1, 2, 2, 2), (1, 1, 2), (2,))
    state = tuple((first, *(entry(term) for term in more)) for more in terms)
    committed = (first, entry(1))
    assert World(committed, 5).can_lose(state, everybody)
    assert unsearched(starters(state, committed), 2, cut_in(state)) is Unsearched.THREE_HISTORIES
    assert elections(starters(state, committed), 2, cut_in(state)) is None
    assert elections(starters(state[:3], committed), 2, cut_in(state)) is not None


@pytest.mark.parametrize("seed", range(60))
def test_winners_are_those_of_the_first_elections(seed: int) -> None:
    """What can be told of any number of voters is what the search finds where it is made."""
    draw = random.Random(seed)  # noqa: S311 - test data
    state, committed = any_state(draw, draw.choice((2, 3, 4)), "none")
    found = elections(starters(state, committed), len(committed), cut_in(state))
    if found is None:  # three histories
        assert winners(starters(state, committed))
        return
    assert set(winners(starters(state, committed))) == {one.leader for one in found if not one.after}


def test_nobody_begins_where_the_only_candidate_asks_in_a_term_that_is_over() -> None:
    """n0 lost its metadata and has the longest log: it asks in term 1 who would vote, and n1's term is 2. n1 asks in
    term 3, and n0's log is longer. dqlite 1.11.1 and 1.18.6 elected nobody (fixtures/metadata/longest-log-without).
    With n2, which is in term 1, n0 has a majority, and n1 follows.
    """
    everybody = frozenset(range(3))
    longest, behind = (
        Starter("n0", 0, (2, 106), everybody, 106, term=0),
        Starter("n1", 1, (2, 96), everybody, 96, term=2),
    )
    third = Starter("n2", 2, (2, 96), everybody, 96, term=1)
    found = elections([longest, behind], 96, lambda *_: None) or []
    assert [(one.electors, one.begins) for one in found] == [(("n0", "n1"), False)]
    assert held_by(found, ["n0", "n1"]) == []
    assert winners([longest, behind]) == ()
    together = elections([longest, behind, third], 96, lambda *_: None) or []
    assert {one.leader for one in held_by(together, ["n0", "n1", "n2"])} == {"n0", "n1", "n2"}
    assert winners([longest, behind, third]) == ("n0", "n1", "n2")


def test_seven_voters_take_less_than_two_seconds() -> None:
    """Each ends elsewhere, and went through seven configurations: as much as can be looked at."""
    everybody = frozenset(range(7))
    made = [
        Starter(
            f"n{at}", at, (2, 100 - at), everybody, 100 - at,
            tuple(Passed(10 * number, 1, everybody - {number - 1}) for number in range(1, 8)),
        )
        for at in range(7)
    ]  # fmt: skip
    began = time.process_time()
    found = elections(made, 100, lambda _, __: None)
    assert time.process_time() - began < 2
    assert found
    assert losing(found, 100)
