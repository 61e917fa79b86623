"""Which nodes are repaired: as few as a majority needs before the start, and behind it whoever else can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import inf

from forensics.election.state import State
from forensics.election.states import cluster_states
from forensics.election.together import ClusterStates
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.start.repair import Repair, repairs_of
from forensics.forecast.losses import Loss


def repaired(cluster: Cluster) -> tuple[ClusterStates, tuple[Repair, ...]] | None:
    """The fewest nodes to be repaired so that nothing has to be recovered, of these the ones whose logs lose least; and
    what starting the nodes is then.
    """
    found = {node.name: repairs for node in cluster.originals() if (repairs := repairs_of(node))}
    numbers = range(1, len(found) + 1)
    for chosen in (chosen for number in numbers for chosen in sorted(_choices(found, number), key=_entries_lost)):
        states = cluster_states(with_repairs(cluster, chosen))
        first = states.together_once_mended
        if first and all(_is_kept(loss, states, first) for repair in chosen for loss in repair.lost):
            return states, chosen
    return None


def with_repairs(cluster: Cluster, repairs: Iterable[Repair]) -> Cluster:
    """The cluster whose nodes start as they do once they are repaired."""
    after = {repair.node: repair.after for repair in repairs}
    nodes = tuple(replace(node, forecast=after.get(node.name, node.forecast)) for node in cluster.nodes)
    return replace(cluster, nodes=nodes) if after else cluster


def repaired_later(cluster: Cluster, states: ClusterStates, harmful: Iterable[str]) -> tuple[Repair, ...]:
    """Of nodes that would do harm as they lie: how they can follow, once the others have a leader.

    Args:
        cluster: with what is repaired before the start.
        states: of it.
        harmful: who refuses or loses, with nothing repaired.
    """
    if not states.together_once_mended or states.elections is None:
        return ()
    chosen: list[Repair] = []
    for name in (name for name in harmful if name not in states.follow):
        fitting = (one for one in repairs_of(cluster.node(name)) if _follows(cluster, states, [*chosen, one]))
        chosen += [one for one, _ in zip(fitting, range(1), strict=False)]
    return tuple(chosen)


def _follows(cluster: Cluster, states: ClusterStates, chosen: Sequence[Repair]) -> bool:
    """Who goes first still does, and these nodes can be started behind them, and lose nothing that those lack."""
    first = set(states.together_once_mended) - {one.node for one in chosen}
    after = cluster_states(with_repairs(cluster, chosen))
    if not after.elects_rightly(first):
        return False
    welcome = {*after.named(State.SAFE), *after.follow} - after.outside
    return all(one.node in welcome and all(_is_kept(loss, states, first) for loss in one.lost) for one in chosen)


def _choices(found: Mapping[str, Sequence[Repair]], number: int) -> Iterator[tuple[Repair, ...]]:
    """Every way to repair so many nodes, by name."""
    for names in combinations(sorted(found), number):
        yield from product(*(found[name] for name in names))


def _entries_lost(chosen: Iterable[Repair]) -> float:
    """How many entries the repairs take out of logs; without end where that is not known."""
    lost = [loss for repair in chosen for loss in repair.lost]
    return sum(inf if one.first is None or one.last is None else one.last - one.first + 1 for one in lost)


def _is_kept(loss: Loss, states: ClusterStates, first: Iterable[str]) -> bool:
    """Nodes that are started first have what a repair takes away: whatever is in files may be committed."""
    return loss.last is not None and any(states.holds[name] >= loss.last for name in first)
