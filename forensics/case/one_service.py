"""Databases that one service starts: what one of them needs started, another one may forbid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations

from forensics.case.answer import Course, DatabaseAnswer
from forensics.case.steps import product_of
from forensics.election.elections import held_by
from forensics.election.state import State

_OPEN = frozenset({Course.CHOOSE, Course.ASK, Course.DEAD_END})
_BY_ELECTION = frozenset({Course.NOTHING, Course.REJOIN, Course.MEND})
_HARMFUL = frozenset({State.LOSES, State.SPLITS})


def harmful_along(answer: DatabaseAnswer, node: str, databases: Iterable[DatabaseAnswer]) -> tuple[str, ...]:
    """The other databases of a node that come up whenever this one does, and whose start loses or splits."""
    return tuple(
        one.database
        for other in databases
        if _is_one_service(answer, other)
        for one in other.states
        if one.node == node and one.state in _HARMFUL
    )


def _is_one_service(one: DatabaseAnswer, other: DatabaseAnswer) -> bool:
    begin = product_of(one).begin
    return one is not other and bool(begin) and begin == product_of(other).begin


def held_back(databases: Sequence[DatabaseAnswer]) -> frozenset[str]:
    """Nodes that are not to be started yet: what becomes of a database of theirs is not decided."""
    return frozenset(name for answer in databases for name in _undecided(answer, databases))


def _undecided(answer: DatabaseAnswer, databases: Sequence[DatabaseAnswer]) -> Iterator[str]:
    shared = any(_is_one_service(answer, other) for other in databases)
    if answer.course is not Course.ASK and not (shared and answer.course in _OPEN):
        return
    for one in answer.states:
        if answer.course is Course.CHOOSE or not (one.state is State.SAFE or one.node in answer.mendable):
            yield one.node


def first_together(
    first: Sequence[str], later: Sequence[str], databases: Iterable[DatabaseAnswer]
) -> tuple[list[str], list[str]]:
    """Who starts first, and who later: so many that every database can elect a leader, and none that lacks anything.

    Args:
        first: who should be first for all of them.
        later: who should follow for one of them.
        databases: of which some of these nodes are.
    """
    concerned = [answer for answer in databases if _is_concerned(answer, {*first, *later})]
    sets = (more for number in range(len(later) + 1) for more in combinations(later, number))
    right = (more for more in sets if all(_elects_rightly(answer, {*first, *more}) for answer in concerned))
    more = next(right, ())
    return [*first, *more], [name for name in later if name not in more]


def _is_concerned(answer: DatabaseAnswer, names: Collection[str]) -> bool:
    """It has one of these nodes, and who may be started of it is a question of elections."""
    by_election = answer.course in _BY_ELECTION and answer.elections is not None
    return by_election and any(one.node in names for one in answer.states)


def _elects_rightly(answer: DatabaseAnswer, names: Collection[str]) -> bool:
    held = held_by(answer.elections or (), names)
    return bool(held) and not any(one.loses(answer.committed) for one in held)
