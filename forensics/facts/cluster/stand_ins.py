"""Which directory is whose, also of those that do not tell."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import combinations

from forensics.facts.cluster.same_server import are_two
from forensics.facts.node.node import Node
from forensics.parsers.roles import Role


def nodes_by_id(nodes: Sequence[Node]) -> dict[int, Node]:
    """By raft ID; of those that do not tell it, as stand_ins has it."""
    known = {node.id: node for node in nodes if node.id is not None}
    return known | stand_ins(nodes, known)


def stand_ins(nodes: Sequence[Node], known: Container[int]) -> dict[int, Node]:
    """Nodes that do not say who they are, as some voter each: for counting, it does not matter which is which.

    Only where no two of them can be one node at two times.

    Args:
        nodes: those at hand.
        known: IDs of those who do say.
    """
    strangers = [node for node in nodes if node.id is None]
    configuration = max(
        (node.configuration for node in nodes if node.configuration), key=lambda c: c.index, default=None
    )
    if not strangers or configuration is None:
        return {}
    free = [server for server in configuration.configuration.servers if server.id not in known]
    if len(free) != len(strangers) or any(server.role is not Role.VOTER for server in free):
        return {}
    if any(not are_two(one, other) for one, other in combinations(strangers, 2)):
        return {}
    return {server.id: node for server, node in zip(free, strangers, strict=True)}
