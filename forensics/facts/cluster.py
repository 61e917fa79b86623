"""Several nodes' directories of one database, side by side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from forensics.facts.node import ConfigurationChange, Grade, Node
from forensics.ingest.products import Product
from forensics.parsers.configuration import Server


@dataclass(slots=True)
class Cluster:
    """The nodes of one database."""

    product: Product
    nodes: list[Node] = field(default_factory=list)

    @property
    def configuration(self) -> ConfigurationChange | None:
        """The newest configuration that any of its nodes holds."""
        known = [node.configuration for node in self.nodes if node.configuration]
        return max(known, key=lambda change: change.index, default=None)

    def server_of(self, node: Node) -> Server | None:
        """The member that a node is: by id, in the newest configuration."""
        configuration = self.configuration
        return configuration.configuration.by_id(node.id) if configuration and node.id is not None else None

    def absent(self) -> tuple[Server, ...]:
        """Members of the newest configuration with no directory in the input."""
        configuration = self.configuration
        if configuration is None:
            return ()
        here = {node.id for node in self.nodes}
        return tuple(server for server in configuration.configuration.servers if server.id not in here)


@dataclass(slots=True)
class Case:
    """Everything of one run that rules may read.

    Attributes:
        clusters: sorted by database.
        as_of: the moment that dates are judged at, seconds since 1970 UTC; None where nothing tells the time.
        as_of_source: where that moment comes from, in words.
    """

    clusters: list[Cluster] = field(default_factory=list)
    as_of: float | None = None
    as_of_source: str = "nothing in the evidence tells the time"

    def nodes(self) -> list[Node]:
        """All nodes of all clusters."""
        return [node for cluster in self.clusters for node in cluster.nodes]


def build_clusters(nodes: list[Node]) -> list[Cluster]:
    """Group nodes by database."""
    groups: dict[str, Cluster] = {}
    members: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        product = node.state.product
        groups.setdefault(product.database, Cluster(product))
        members[product.database].append(node)
    for database, cluster in groups.items():
        cluster.nodes = members[database]
    return [groups[database] for database in sorted(groups)]


def evidence_is_whole(node: Node) -> bool:
    """Nothing of the node's raft state is missing or cut."""
    return node.grade is Grade.FULL
