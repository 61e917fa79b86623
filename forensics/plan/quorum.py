"""Who may lead if nothing is forced: raft's election rule, on dead directories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import stand_ins
from forensics.facts.node.node import Node
from forensics.parsers.roles import Role
from forensics.plan.ranking import Outlook, kept


def may_lead(nodes: Iterable[Node], outlooks: Mapping[str, Outlook] | None = None) -> list[str]:
    """The nodes that could win an election if exactly these directories were started, by name.

    A candidate is a voter of its own configuration, and needs a majority of that configuration's voters, each of which
    grants its vote only to a log that is at least as far as its own (FACTS 4.2). A voter votes by what it was asked,
    whatever its own configuration says. Terms here are those on disk: a forced configuration's is 1. What a start
    would drop (`outlooks`, where forecast) is gone before anybody votes.
    """
    started = list(nodes)
    ids = _ids(started)
    reach = {node.name: _position(node, (outlooks or {}).get(node.name)) for node in started}
    winners = []
    for node in started:
        change = node.configuration
        own = change.configuration.by_id(ids[node.name]) if change and node.name in ids else None
        if change is None or own is None or own.role is not Role.VOTER:
            continue
        voters = {voter.id for voter in change.configuration.voters()}
        willing = {
            ids[other.name]
            for other in started
            if ids.get(other.name) in voters and reach[other.name] <= reach[node.name]
        }
        if len(willing) > len(voters) // 2:
            winners.append(node.name)
    return sorted(winners)


def _ids(nodes: Sequence[Node]) -> dict[str, int]:
    """By name: the ID that a node tells, or that of some voter where all that do not tell must be the voters left."""
    known = {node.name: node.id for node in nodes if node.id is not None}
    return known | {node.name: server_id for server_id, node in stand_ins(nodes, set(known.values())).items()}


def _position(node: Node, outlook: Outlook | None) -> tuple[int, int]:
    """(last term, last index) as an election compares them."""
    term, index = kept(node, outlook)
    return term or 0, index or 0


def majority_at_hand(cluster: Cluster) -> tuple[int, int, bool]:
    """Voters of the newest configuration whose logs are at hand, all voters, and whether the former are a majority."""
    change = cluster.configuration
    voters = {voter.id for voter in change.configuration.voters()} if change else set()
    nodes = cluster.originals()
    ids = _ids(nodes)
    here = {ids[node.name] for node in nodes if ids.get(node.name) in voters and node.last_index is not None}
    return len(here), len(voters), len(here) > len(voters) // 2
