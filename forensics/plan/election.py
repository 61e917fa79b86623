"""Who can be elected leader if nothing is forced: raft's election rule, on directories of stopped nodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import stand_ins
from forensics.facts.node.node import Node
from forensics.parsers.roles import Role
from forensics.plan.expected_start import ExpectedStart, ExpectedStarts
from forensics.plan.ranking import kept


def electable(nodes: Iterable[Node], starts: ExpectedStarts | None = None) -> list[str]:
    """The nodes that can win an election if exactly these directories are started, by name.

    A candidate is a voter of its own configuration, and needs a majority of that configuration's voters, each of which
    grants its vote only to a log that is at least as far as its own (docs/reference/raft.md#the-commit-index). A voter
    votes by what it was asked, whatever its own configuration says. Terms here are those on disk: a forced
    configuration's is 1. What a start drops (`starts`, where forecast) is gone before anybody votes.
    """
    started = list(nodes)
    ids = _ids(started)
    ends = {node.name: _end(node, (starts or {}).get(node.name)) for node in started}
    winners = []
    for node in started:
        voters = _electorate(node, ids.get(node.name))
        willing = {
            ids[other.name]
            for other in started
            if ids.get(other.name) in voters and ends[other.name] <= ends[node.name]
        }
        if voters and len(willing) > len(voters) // 2:
            winners.append(node.name)
    return sorted(winners)


def _electorate(node: Node, node_id: int | None) -> set[int]:
    """IDs of the voters of its own configuration; empty where it is none of them, and so cannot be elected."""
    change = node.configuration
    own = change.configuration.by_id(node_id) if change and node_id is not None else None
    if change is None or own is None or own.role is not Role.VOTER:
        return set()
    return {voter.id for voter in change.configuration.voters()}


def _ids(nodes: Sequence[Node]) -> dict[str, int]:
    """By name: the ID that a node tells, or that of some voter where all that do not tell must be the voters left."""
    known = {node.name: node.id for node in nodes if node.id is not None}
    return known | {node.name: server_id for server_id, node in stand_ins(nodes, set(known.values())).items()}


def _end(node: Node, start: ExpectedStart | None) -> tuple[int, int]:
    """(last term, last index) as an election compares them."""
    term, index = kept(node, start)
    return term or 0, index or 0


def majority_at_hand(cluster: Cluster) -> tuple[int, int, bool]:
    """How many voters of the newest configuration have their logs here, how many there are, and whether the former
    are a majority.
    """
    change = cluster.configuration
    voters = {voter.id for voter in change.configuration.voters()} if change else set()
    nodes = cluster.originals()
    ids = _ids(nodes)
    here = {ids[node.name] for node in nodes if ids.get(node.name) in voters and node.last_index is not None}
    return len(here), len(voters), len(here) > len(voters) // 2
