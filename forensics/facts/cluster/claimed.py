"""Nodes of one cluster at whose address another cluster of the same database has a member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.node.node import Node
from forensics.on_disk import FOUNDER_IDS


@dataclass(frozen=True, slots=True)
class Claimed:
    """A node that another cluster counts as its member.

    Attributes:
        node, cluster: it, and its own cluster.
        by: the cluster that counts its address.
        member: the ID that it has there.
        at: where the configuration says so.
    """

    node: Node
    cluster: Cluster
    by: Cluster
    member: int
    at: Span


def claimed(case: Case, cluster: Cluster) -> Iterator[Claimed]:
    """The nodes of a cluster that others count, once for each of these."""
    for other in case.like(cluster):
        yield from claimed_by(other, cluster)


def claimed_by(by: Cluster, cluster: Cluster) -> Iterator[Claimed]:
    """The nodes of a cluster that another one counts."""
    change = by.configuration
    if change is None:
        return
    servers = {server.address: server for server in change.configuration.servers}
    for node in cluster.nodes:
        server = servers.get(node.address) if node.address is not None else None
        if server and (node.id != server.id or node.id in FOUNDER_IDS):
            yield Claimed(node, cluster, by, server.id, change.configuration.at)
