"""Nodes whose newest snapshot has a file of no bytes: what a full disk leaves, and on one node a power cut, too."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node


def emptied(cluster: Cluster) -> frozenset[str]:
    """These nodes, by name, where there are several of them: that is rarely chance."""
    found = frozenset(node.name for node in cluster.originals() if _has_empty_snapshot(node))
    return found if len(found) > 1 else frozenset()


def _has_empty_snapshot(node: Node) -> bool:
    newest = max(node.snapshots, key=lambda one: (one.name.term, one.name.index, one.name.timestamp_ms), default=None)
    files = (newest.data_file, newest.meta_file) if newest else ()
    return any(file is not None and file.size_max == 0 for file in files)
