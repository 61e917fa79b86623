"""Voters that lost their log: there is metadata, and neither a segment with entries nor a snapshot.

A member becomes a voter only once it has the log (docs/reference/raft.md#bootstrap-and-ids). What such a node had
acknowledged counted for what was committed, and nobody knows any more how far it went.
"""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Grade, Node
from forensics.parsers.roles import Role


def voters_without_log(cluster: Cluster) -> list[Node]:
    """Those of the newest configuration, copies left out; also where the names of the directory were cut."""
    return [node for node in cluster.originals() if _is_voter(cluster, node) and _is_empty(node)]


def _is_voter(cluster: Cluster, node: Node) -> bool:
    server = cluster.server_of(node)
    return server is not None and server.role is Role.VOTER


def _is_empty(node: Node) -> bool:
    """It has metadata, and nothing else of raft: prepared segments, all zero, hold nothing."""
    if node.grade not in (Grade.FULL, Grade.LISTING) or node.log.closed or node.snapshots:
        return False
    if any(part.segment is None or part.used or part.file.cut for part in node.log.open):
        return False
    return bool(node.state.file("metadata1") or node.state.file("metadata2"))
