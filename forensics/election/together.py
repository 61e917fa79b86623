"""The states of a cluster's nodes, and who of them can be started together, first and later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from forensics.election.elections import Election, held_by
from forensics.election.state import OPEN, NodeState, Reason, State

BEHIND = frozenset({Reason.ELECTED_WITHOUT, Reason.FORGOT_VOTE, Reason.FORGOT_LOG})
"""Why a node is unsafe that only lacks what others have."""


@dataclass(frozen=True, slots=True)
class ClusterStates:
    """The states of a cluster's nodes, and what follows for them together.

    Attributes:
        states: one a node, copies left out, by name.
        committed: the last index that provably is committed, or that has to be taken for it; 0 where nothing is.
        elections: all that could be held; None where they were not searched.
        holds: by node that starts, the last index of the committed history that its start keeps.
        mendable: nodes that only their product keeps from starting, and that are safe once that is mended.
        unnamed: nodes that their product keeps from starting because nothing tells who they are; their log is whole.
        outside: nodes that are no members of the newest configuration: harmless, but nothing is to be had from them.
        first: where the elections were not searched, who can be started first: whoever of them is elected lacks
            nothing.
        winners: who of these can be elected if exactly they are started.
        keeper: a node whose history is the committed one; None where nothing is.
    """

    states: tuple[NodeState, ...]
    committed: int
    elections: tuple[Election, ...] | None
    holds: Mapping[str, int]
    mendable: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    outside: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()
    winners: tuple[str, ...] = ()
    keeper: str | None = None

    def named(self, *states: State) -> tuple[str, ...]:
        """The nodes in one of these states, by name."""
        return tuple(one.node for one in self.states if one.state in states)

    @property
    def together(self) -> tuple[str, ...]:
        """Who can be started first, as they lie: they can elect a leader, and none that lacks anything committed.

        The safe nodes. Where these are too few, with as few as possible of those that only lack what the others have:
        apart from the rest, they vote for a leader that has it, and get it. Empty where no such set is at hand.
        """
        return self._together({*self.named(State.SAFE)} - self.outside)

    @property
    def together_once_mended(self) -> tuple[str, ...]:
        """The same once the files of the product are mended that keep nodes from starting."""
        return self._together({*self.named(State.SAFE), *self.mendable} - self.outside)

    def _together(self, safe: set[str]) -> tuple[str, ...]:
        if self.elections is None:
            return self.first if self.winners else ()
        behind = [one.node for one in self.states if one.reason in BEHIND]
        for number in range(len(behind) + 1):
            sets = [safe | set(more) for more in combinations(behind, number)]
            fitting = [one for one in sets if self.elects_rightly(one)]
            if fitting:
                best = max(fitting, key=lambda one: (sum(self.holds.get(name, 0) for name in one), sorted(one)))
                return tuple(sorted(best))
        return ()

    @property
    def is_open(self) -> bool:
        """No file tells which of several logs holds what is committed."""
        return any(one.reason in OPEN for one in self.states)

    @property
    def electable(self) -> tuple[str, ...]:
        """Who can be elected if exactly those are started that can be started first."""
        return self.leaders(self.together)

    @property
    def follow(self) -> tuple[str, ...]:
        """Who can be started, one by one, once the first ones have a leader and hold the same: they get what they lack,
        for without the first ones nobody of the others can be elected. So can those whose info.yaml is mended by then.
        """
        first = set(self.together_once_mended)
        if not first:
            return ()
        reasons = {*BEHIND, Reason.SECOND_LEADER}
        return tuple(
            one.node
            for one in self.states
            if (one.reason in reasons or one.node in self.unnamed)
            and one.node not in {*first, *self.losing_without(first), *self.outside}
        )

    def losing_without(self, first: Collection[str]) -> frozenset[str]:
        """Who can vote for a leader that lacks something committed, and needs none of these nodes for it."""
        return frozenset(
            name
            for one in self.elections or ()
            if one.loses(self.committed) and not {*first} & {*one.votes}
            for name in one.votes
        )

    def leaders(self, started: Iterable[str]) -> tuple[str, ...]:
        """Who can be elected if exactly these nodes are started."""
        names = set(started)
        if self.elections is None:
            return self.winners if names == set(self.first) else ()
        return tuple(sorted({one.leader for one in held_by(self.elections, names)}))

    def elects_rightly(self, names: set[str]) -> bool:
        """Exactly these nodes, started, elect a leader, and none that lacks anything committed."""
        held = held_by(self.elections or (), names)
        return bool(held) and not any(one.loses(self.committed) for one in held)
