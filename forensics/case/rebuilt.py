"""Who is started first where directories are put together from all that arrived.

Such a directory holds every entry that can have been committed, so that whoever is elected by a majority in which all
votes are needed, or in which all have one, lacks nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from forensics.election.state import State
from forensics.election.together import BEHIND, ClusterStates


@dataclass(frozen=True, slots=True)
class First:
    """Who is started first: `rebuilt` of them with a new directory. Nobody where too few are left for a majority."""

    start: tuple[str, ...] = ()
    rebuilt: tuple[str, ...] = ()


def first_with(rebuilt: Collection[str], states: ClusterStates, voters: int, votes: Collection[str]) -> First:
    """Those of these nodes that cannot be started as they lie, if they are a majority; else as many others with them as
    a majority needs.

    Args:
        rebuilt: nodes that get such a directory.
        states: of the nodes as they lie.
        voters: how many vote.
        votes: whose directories are at hand.
    """
    helping = [name for name in _startable(states) if states.holds.get(name)]  # an empty log knows no members
    own = sorted({*rebuilt} & {*votes} - {*helping})
    missing = max(voters // 2 + 1 - len(own), 0)
    others = sorted((name for name in helping if name in votes), key=lambda name: (-states.holds[name], name))
    if not own or missing > len(others):
        return First()
    return First(tuple(sorted([*own, *others[:missing]])), tuple(own))


def behind(states: ClusterStates, first: Collection[str]) -> tuple[str, ...]:
    """Who can be started once these have a leader: it gets what it lacks."""
    return tuple(name for name in _startable(states) if name not in {*first, *states.losing_without(first)})


def _startable(states: ClusterStates) -> list[str]:
    """Who starts, and only lacks what others have."""
    fitting = (one.node for one in states.states if one.state is State.SAFE or one.reason in BEHIND)
    return [name for name in fitting if name not in states.outside]
