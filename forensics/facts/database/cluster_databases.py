"""Which node's databases speak for a cluster: those of the node that got furthest."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_position import log_position
from forensics.facts.database.summary import DatabaseFacts, Databases
from forensics.facts.node.node import Node


def newest_node(cluster: Cluster) -> Node | None:
    """The node with the newest last entry, among the nodes whose databases could be rebuilt."""
    return max((node for node in cluster.originals() if node.databases.found), key=log_position, default=None)


def may_be_older(node: Node) -> bool:
    """What can be read of a node's databases may end before what it had: what other files say may be newer."""
    return node.log.hidden_behind(node.databases.index)


def newest_databases(cluster: Cluster) -> Databases | None:
    """That node's databases."""
    best = newest_node(cluster)
    return best.databases if best else None


def kine_of(cluster: Cluster) -> DatabaseFacts | None:
    """The first of these databases that has a kine table."""
    newest = newest_databases(cluster)
    return next((database for database in newest.found if database.kine), None) if newest else None


def microcluster_of(cluster: Cluster) -> DatabaseFacts | None:
    """The first of these databases that has microcluster's table of members."""
    newest = newest_databases(cluster)
    return newest.of_microcluster if newest else None
