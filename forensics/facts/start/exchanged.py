"""Members whose databases lie on each other's machines: each daemon finds the address of another one, and refuses.

Source: docs/reference/microcluster.md#relations-that-hold (relation 1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.facts.node.node import Node


def exchanged(nodes: Sequence[Node]) -> Mapping[Node, Node]:
    """By node, the one whose database lies there; only where all of a ring are at hand.

    A database that lies in two places, or whose own machine did not arrive, was copied or is not known to be exchanged.

    Args:
        nodes: of one cluster.
    """
    daemons = {address: node for node in nodes if (address := _daemon_address(node)) is not None}
    told = {node: owner for node in daemons.values() if (owner := daemons.get(_own_address(node) or "")) is not None}
    owners = {node: owner for node, owner in told.items() if owner is not node}
    return {node: owner for node, owner in owners.items() if _returns(node, owners)}


def _returns(node: Node, owners: Mapping[Node, Node]) -> bool:
    """From owner to owner, this node is met again."""
    here = owners[node]
    for _ in owners:
        if here is node:
            return True
        if here not in owners:
            return False
        here = owners[here]
    return False


def _daemon_address(node: Node) -> str | None:
    daemon = node.microcluster.daemon.value if node.microcluster and node.microcluster.daemon else None
    return daemon.address if daemon else None


def _own_address(node: Node) -> str | None:
    return node.info.value.address if node.info and node.info.value else None
