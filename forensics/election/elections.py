"""Who could be elected leader if these directories were started: every election, over every set of them.

The rule is raft's own (docs/reference/raft.md#what-must-hold): a candidate is a voter of the newest configuration in
its own log, and needs the votes of a majority of that configuration's voters. A node grants its vote only where it is a
voter of the newest configuration in its own log, too (so an empty directory votes for nobody), and only to a log that
ends at least as far as its own, by last term and then last index.

Votes on disk decide nothing here: a later term is always to be had, once there is an election at all. Terms decide
whether there is a first one: dqlite asks beforehand who would vote in its next term, without raising any, and a node
whose term is higher than that refuses. So a node that lost its metadata cannot begin where the others voted.

Two kinds of elections matter:

- First ones, on the logs as a start leaves them.
- Those after a leader was there. It makes the logs of those that follow it a prefix of its own, as far as it got. So
  a node that lacks committed entries can be given an older configuration of that history, and be elected by those
  voters before it gets the rest; and a node whose log had an end of its own can lose it, and then votes for shorter
  logs.

`tests/election/test_elections.py` holds this against an exploration of every step of small clusters. What two leaders
in turn make of logs is not looked at. It matters where three histories part among four nodes or more: one leader cuts a
log off, and its node then elects another one that cuts off the next. There the search has no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from forensics.limits import VOTERS_SEARCHED_MAX

Position = tuple[int, int]
"""(last term, last index) of a log, as elections compare them."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A configuration of a history, at an index that it was in force for and that lies before the last committed entry:
    at the last such one, and at others where a log may end that is elected.
    """

    index: int
    term: int
    voters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Starter:
    """A node as its next start leaves it.

    Attributes:
        name: of the node.
        server_id: who it is.
        position: (last term, last index) of its log, as elections compare them.
        voters: ids of the voters of the newest configuration that its log or snapshot holds; empty where none is.
        holds: the last index up to which it holds the committed history.
        passed: the configurations that its history went through before the last committed entry.
        term: of its metadata.
    """

    name: str
    server_id: int
    position: Position
    voters: frozenset[int]
    holds: int
    passed: tuple[Passed, ...] = ()
    term: int = 0

    def grants(self, position: Position) -> bool:
        """It votes for a log that ends there, with its own log as it is."""
        return self.server_id in self.voters and self.position <= position

    def answers(self, candidate: Starter) -> bool:
        """Its own term does not forbid that one's next."""
        return self.term <= candidate.term + 1

    def voters_within(self, behind: int, last: int) -> frozenset[int]:
        """Whoever is a voter of a configuration in force somewhere behind one index and up to another."""
        found: frozenset[int] = frozenset()
        for at in self.passed:
            if at.index > behind:
                found |= at.voters
            if at.index >= last:
                return found
        return found | self.voters


@dataclass(frozen=True, slots=True)
class Election:
    """One election that can happen.

    Attributes:
        leader: who wins it.
        electors: who has to be started for it, the leader first: no smaller set elects it.
        holds: the last index up to which the leader holds the committed history.
        votes: who votes in it, the leader first; the other electors are needed for a leader before.
        after: who has to lead first, for the configuration that elects this one; empty where nobody has to.
        begins: the terms on disk let it happen; else another election has to raise them first.
    """

    leader: str
    electors: tuple[str, ...]
    holds: int
    votes: tuple[str, ...]
    after: str = ""
    begins: bool = True

    def loses(self, committed: int) -> tuple[int, int] | None:
        """First and last committed entry that this leader lacks, and the others then drop."""
        return (self.holds + 1, committed) if self.holds < committed else None


_TWO_LEADERS_NEED = 4
"""Nodes. In 20,000 random states of three, in each of which every step was explored, no run needed two leaders."""

Cut = Callable[[str, str], Position | None]
"""(leader, node) → where the node's log ends once the leader has cut off what is not its own; None where nothing is."""


class Unsearched(Enum):
    """Why elections are not searched."""

    TOO_MANY_VOTERS = "too-many-voters"
    THREE_HISTORIES = "three-histories"  # two leaders in turn could change the logs


def unsearched(starters: Sequence[Starter], committed: int, cut: Cut) -> Unsearched | None:
    """Why these elections are not searched; None where they are. Arguments as for `elections`."""
    if any(len(starter.voters) > VOTERS_SEARCHED_MAX for starter in starters):
        return Unsearched.TOO_MANY_VOTERS
    if len(starters) < _TWO_LEADERS_NEED or all(one.holds >= committed for one in starters):
        return None
    parted = {
        frozenset((one.name, two.name))
        for one, two in combinations(starters, 2)
        if cut(one.name, two.name) is not None or cut(two.name, one.name) is not None
    }
    names = [one.name for one in starters]
    if any(parted >= {frozenset(pair) for pair in combinations(three, 2)} for three in combinations(names, 3)):
        return Unsearched.THREE_HISTORIES
    return None


def elections(starters: Sequence[Starter], committed: int, cut: Cut) -> list[Election] | None:
    """Every election with the fewest nodes that it takes, by leader and electors; None where Unsearched tells why not.

    Args:
        starters: what could be started.
        committed: the last index that provably is committed.
        cut: see Cut.
    """
    if unsearched(starters, committed, cut) is not None:
        return None if winners(starters) else []  # without a first leader there is none after it
    first = [election for starter in starters for election in _first(starter, starters)]
    by_name = {starter.name: starter for starter in starters}
    later = {again for one in first for again in _later(one, by_name, committed, cut)}
    return sorted([*first, *later], key=lambda one: (one.leader, one.electors, one.after, one.holds, one.votes))


def winners(starters: Sequence[Starter]) -> tuple[str, ...]:
    """Who can be elected on the logs as they are if all of these are started, however many voters there are."""
    willing = {one.name: [other for other in starters if other.grants(one.position)] for one in starters}
    if not any(_wins(one, [other for other in willing[one.name] if other.answers(one)]) for one in starters):
        return ()
    return tuple(sorted(one.name for one in starters if _wins(one, willing[one.name])))


def with_fewest(whole: Sequence[Starter], others: Sequence[Starter]) -> tuple[str, ...]:
    """Who can be started first where elections are not searched: whoever is elected holds everything.

    Those who do. Where these are too few, with as few as a majority needs of those whose logs are the beginning of
    theirs. No other voters were in force from there on, so what these get from a leader elects nobody else.

    Args:
        whole: who hold everything.
        others: who may go along.
    """
    names = {one.name for one in whole}
    behind = sorted((one for one in others if _is_beginning(one, whole)), key=lambda one: (-one.holds, one.name))
    for number in range(len(behind) + 1):
        chosen = [*whole, *behind[:number]]
        if found := winners(chosen):
            return tuple(sorted(one.name for one in chosen)) if names.issuperset(found) else ()
    return ()


def _is_beginning(one: Starter, whole: Sequence[Starter]) -> bool:
    end = one.position[1]
    passed = (at.voters for other in whole for at in other.passed if at.index > end)
    same = all(voters == one.voters for voters in (*(other.voters for other in whole), *passed))
    return one.holds == end and same


def _wins(candidate: Starter, willing: Sequence[Starter]) -> bool:
    votes = {other.server_id for other in willing} & candidate.voters
    return candidate.server_id in candidate.voters and len(votes) > len(candidate.voters) // 2


def _first(candidate: Starter, starters: Sequence[Starter]) -> Iterator[Election]:
    """On the logs as they are."""
    willing = [other for other in starters if other.grants(candidate.position)]
    for electors in _majorities(candidate, willing, candidate.voters):
        begins = all(other.answers(candidate) for other in willing if other.name in electors)
        yield Election(candidate.name, electors, candidate.holds, electors, begins=begins)


def _later(before: Election, starters: dict[str, Starter], committed: int, cut: Cut) -> Iterator[Election]:
    """After a leader that holds everything: of nodes that lack something, with what it has changed on the others."""
    leader = starters[before.leader]
    if leader.holds < committed:
        return
    cuts = {name: cut(leader.name, name) for name in starters if name != leader.name}
    behind = [one for one in starters.values() if one.holds < committed]
    for one, log in [(node, log) for node in behind for log in _logs_after(node, leader)]:
        willing = [other for other in starters.values() if _grants_after(other, log, leader, cuts.get(other.name))]
        for votes in _majorities(one, willing, log.voters):
            everybody = (one.name, *sorted({*votes, *before.electors} - {one.name}))
            yield Election(one.name, everybody, log.holds, votes, leader.name, before.begins)


@dataclass(frozen=True, slots=True)
class _Log:
    """The log that a candidate has when it stands: its own, or as far as a leader has given it."""

    position: Position
    voters: frozenset[int]
    holds: int


def _logs_after(one: Starter, leader: Starter) -> Iterator[_Log]:
    """The node's own, and those that the leader may have given to it."""
    yield _Log(one.position, one.voters, one.holds)
    for at in leader.passed:
        if one.holds < at.index:
            yield _Log((at.term, at.index), at.voters, at.index)


def _grants_after(other: Starter, log: _Log, leader: Starter, cut: Position | None) -> bool:
    """It votes for this log: with its own log; with what is left where the leader cut it; or with what it was given
    before it has as much.
    """
    if other.grants(log.position):
        return True
    if cut is not None and cut <= log.position and other.server_id in leader.voters_within(cut[1] - 1, cut[1]):
        return True
    return other.holds < log.holds and other.server_id in leader.voters_within(other.holds, log.holds)


def _majorities(candidate: Starter, willing: Sequence[Starter], voters: frozenset[int]) -> Iterator[tuple[str, ...]]:
    """The candidate's name and those of just as many others as make a majority of the voters, of which it is one."""
    if candidate.server_id not in voters:
        return
    others = [one for one in willing if one is not candidate and one.server_id in voters]
    votes = len(voters) // 2
    for chosen in combinations(others, votes):
        if len({candidate.server_id, *(one.server_id for one in chosen)}) == votes + 1:
            yield (candidate.name, *sorted(one.name for one in chosen))


def held_by(found: Iterable[Election], names: Iterable[str]) -> list[Election]:
    """The elections that exactly these nodes can hold; none where their terms let nobody begin."""
    started = set(names)
    held = [one for one in found if set(one.electors) <= started]
    return held if any(one.begins for one in held) else []


def losing(found: Sequence[Election], committed: int) -> list[Election]:
    """The elections that lose committed entries: smallest sets first, and of one set first what loses the most."""
    return sorted(
        (election for election in found if election.loses(committed)),
        key=lambda one: (len(one.electors), one.leader, one.electors, one.holds),
    )


def apart(found: Sequence[Election]) -> Iterator[tuple[Election, Election]]:
    """Pairs of elections that can both happen, each by nodes that the other does not need: two leaders at once."""
    for one, other in combinations(found, 2):
        if one.leader != other.leader and not set(one.electors) & set(other.electors):
            yield one, other
