"""What comes of starting the members and forcing nothing: the decision of forensics/election, as the plan says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from forensics.election.state import Reason, State
from forensics.election.together import ClusterStates
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.stand_ins import stand_ins
from forensics.facts.node.node import Node


class StartAdvice(StrEnum):
    """Whether it is enough to start the members. Values are those of the document."""

    NOBODY_ELECTABLE = "nobody-electable"  # they could not elect a leader, or there are two histories
    UNSAFE = "unsafe"  # who could be elected would drop committed entries
    SAFE = "safe"  # together, or in the order that `first` and `follow` tell


@dataclass(frozen=True, slots=True)
class Start:
    """What comes of starting the members and forcing nothing: forensics/election has decided it.

    Attributes:
        electable: who can be elected leader then, by name: of the first, where these can be told.
        first: who is started first; empty where nobody should be.
        follow: who is started once the first ones have a leader and hold the same.
        mend: of the first, whose product has to be mended before.
        unsafe: who could be elected, and would drop committed entries.
        lost: first and last entry that would be dropped then; None where none would.
        here, voters: how many voters are at hand, of how many.
        never: who must not be started with the directory that it has.
    """

    advice: StartAdvice
    electable: tuple[str, ...]
    first: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()
    lost: tuple[int, int] | None = None
    here: int = 0
    voters: int = 0
    never: tuple[str, ...] = ()


def start_of(cluster: Cluster, states: ClusterStates) -> Start:
    """Whether it is enough, who goes first, and who must stay away."""
    everybody = tuple(one.node for one in states.states)
    first, late = _in_order(states)
    here, voters = _voters_at_hand(cluster)
    if first and not any(cluster.histories()) and not cluster.disputed():
        return Start(
            StartAdvice.SAFE,
            states.leaders(first),
            first,
            (*late, *states.follow),
            tuple(name for name in states.mendable if name in first),
            here=here,
            voters=voters,
            never=_never(cluster, states),
        )
    found = {one.leader: lost for one in states.elections or () if (lost := one.loses(states.committed))}
    if not found or any(cluster.histories()):
        return Start(StartAdvice.NOBODY_ELECTABLE, states.leaders(everybody), here=here, voters=voters)
    lost = min(first for first, _ in found.values()), states.committed
    unsafe = tuple(sorted(found))
    return Start(StartAdvice.UNSAFE, states.leaders(everybody), unsafe=unsafe, lost=lost, here=here, voters=voters)


def _in_order(states: ClusterStates) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is started first, and who of the safe nodes behind them: they keep what its start drops."""
    together = states.together_once_mended
    drops = {one.node for one in states.states if one.reason is Reason.DROPS_HELD_ELSEWHERE}
    first = tuple(name for name in together if name not in drops)
    if not states.elects_rightly({*first}):
        return together, ()
    return first, tuple(name for name in together if name in drops)


def _voters_at_hand(cluster: Cluster) -> tuple[int, int]:
    """How many voters of the newest configuration have their logs here, and how many there are."""
    change = cluster.configuration
    voters = {voter.id for voter in change.configuration.voters()} if change else set()
    nodes = [node for node in cluster.originals() if node.last_index is not None]
    known = {node.id for node in nodes if node.id is not None}
    return len(voters & {*known, *stand_ins(nodes, known)}), len(voters)


def _never(cluster: Cluster, states: ClusterStates) -> tuple[str, ...]:
    """Copies, directories of no member, and nodes whose start would lose entries or make a second leader."""
    away = set(states.named(State.LOSES, State.SPLITS)) - {*states.together_once_mended, *states.follow}
    away |= set(_outside(cluster))
    return tuple(node.name for node in cluster.nodes if node.name in away)


def _outside(cluster: Cluster) -> tuple[str, ...]:
    """Copies, and directories of no member."""
    away = {copy.node for copy in cluster.copies} | set(cluster.contradicted())
    return tuple(node.name for node in cluster.nodes if node.name in away or not _is_known(cluster, node))


def is_member(cluster: Cluster, node: Node) -> bool:
    """A member, and not one whose log contradicts what is committed."""
    return _is_known(cluster, node) and node.name not in cluster.contradicted()


def _is_known(cluster: Cluster, node: Node) -> bool:
    return node.id is None or cluster.configuration is None or cluster.server_of(node) is not None
