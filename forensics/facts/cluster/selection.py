"""Which node a user means: by name, server id, address, or the path of its directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.facts.cluster.build import build_clusters
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.local_database import read_local_database
from forensics.facts.node.node import Node, build_node
from forensics.ingest.state_directory import StateDirectory
from forensics.parsers.members import parse_info


def select(directories: Iterable[StateDirectory], wanted: str | None) -> list[StateDirectory]:
    """The state directories that `wanted` names; all where it is None. The same node may hold several databases.

    What a directory says of itself comes first. Where one does not say whose it is (LXD's, without its local.db), the
    logs of all are asked who founded the cluster.
    """
    every = list(directories)
    if wanted is None:
        return every
    told = [_told(directory) for directory in every]
    found = [one for one, names in zip(every, told, strict=True) if wanted in {one.node, one.path, *names}]
    return found if found or all(told) else _by_content(every, wanted)


def _told(directory: StateDirectory) -> set[str]:
    """ID and address by info.yaml, or by local.db of LXD and Incus."""
    file = directory.file("info.yaml")
    record = parse_info(file.blob).value if file is not None and file.blob is not None else None
    if record is not None:
        return {str(value) for value in (record.id, record.address) if value is not None}
    local = read_local_database(directory)
    return {str(local.own.id), local.own.address} if local and local.own else set()


def _by_content(directories: list[StateDirectory], wanted: str) -> list[StateDirectory]:
    return [
        node.state
        for cluster in build_clusters(build_node(directory) for directory in directories)
        for node in cluster.nodes
        if wanted in _known(cluster, node)
    ]


def _known(cluster: Cluster, node: Node) -> Iterator[str]:
    """ID and address of a node as its cluster knows it."""
    server = cluster.server_of(node)
    if node.id is not None:
        yield str(node.id)
    if server is not None:
        yield server.address
