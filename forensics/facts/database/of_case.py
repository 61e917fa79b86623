"""The case with its databases examined: the costly part of the facts, several nodes at a time."""

from __future__ import annotations

from dataclasses import replace

from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.database.examine import compare, examine
from forensics.facts.database.snapshot_comparison import Twin, twins
from forensics.facts.decoder import Decoder


def with_databases(case: Case, decoder: Decoder) -> Case:
    """The case with what is in each node's databases, and with snapshots compared: with the log, and between nodes."""
    nodes = case.nodes()
    found, differences = decoder.each(examine, nodes), decoder.each(compare, nodes)
    twins_of = decoder.each(_twins, case.clusters)
    made = {
        node: replace(node, databases=databases, difference=difference)
        for node, databases, difference in zip(nodes, found, differences, strict=True)
    }
    clusters = (replace(cluster, twins=pairs) for cluster, pairs in zip(case.clusters, twins_of, strict=True))
    return replace(case, clusters=tuple(clusters)).with_nodes(made)


def _twins(cluster: Cluster) -> tuple[Twin, ...]:
    return tuple(twins(cluster.originals(), cluster.agreed))
