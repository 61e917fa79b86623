"""Who may lead if nothing is forced: raft's election rule, on dead directories."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.facts.cluster import Cluster
from forensics.facts.node import Node
from forensics.parsers.roles import Role


def may_lead(nodes: Iterable[Node]) -> list[str]:
    """The nodes that could win an election if exactly these directories were started, by name.

    A candidate is a voter of its own configuration, and needs a majority of that configuration's voters, each of which
    grants its vote only to a log that is at least as far as its own (FACTS 4.2). A voter votes by what it was asked,
    whatever its own configuration says. Terms here are those on disk: a forced configuration's is 1.
    """
    started = list(nodes)
    winners = []
    for node in started:
        change = node.configuration
        own = change.configuration.by_id(node.id) if change and node.id is not None else None
        if change is None or own is None or own.role is not Role.VOTER:
            continue
        voters = {voter.id for voter in change.configuration.voters()}
        willing = {other.id for other in started if other.id in voters and position(other) <= position(node)}
        if len(willing) > len(voters) // 2:
            winners.append(node.name)
    return sorted(winners)


def position(node: Node) -> tuple[int, int]:
    """(last term, last index) as an election compares them."""
    return node.last_term or 0, node.last_index or 0


def majority_at_hand(cluster: Cluster) -> tuple[int, int, bool]:
    """Voters of the newest configuration whose logs are at hand, all voters, and whether the former are a majority."""
    change = cluster.configuration
    voters = {voter.id for voter in change.configuration.voters()} if change else set()
    here = {node.id for node in cluster.originals() if node.id in voters and node.last_index is not None}
    return len(here), len(voters), len(here) > len(voters) // 2
