"""The case with its databases examined: the costly part of the facts, several nodes at a time."""

from __future__ import annotations

from dataclasses import replace

from forensics.barrier import stage
from forensics.facts.cluster.cluster import Case, Cluster
from forensics.facts.database.examine import compare, examine
from forensics.facts.database.snapshot_comparison import SnapshotComparison, compare_snapshots
from forensics.facts.decoder import Decoder


def with_databases(case: Case, decoder: Decoder) -> Case:
    """The case with what is in each node's databases, and with snapshots compared: with the log, and between nodes."""
    nodes = case.nodes()
    found, differences = decoder.each(examine, nodes), decoder.each(compare, nodes)
    compared = decoder.each(_compare_snapshots, case.clusters)
    made = {
        node: replace(node, databases=databases, difference=difference)
        for node, databases, difference in zip(nodes, found, differences, strict=True)
    }
    clusters = (
        replace(cluster, snapshot_comparisons=found) for cluster, found in zip(case.clusters, compared, strict=True)
    )
    return replace(case, clusters=tuple(clusters)).with_nodes(made)


@stage("comparing snapshots", lambda cluster: cluster.name, lambda _: ())
def _compare_snapshots(cluster: Cluster) -> tuple[SnapshotComparison, ...]:
    return tuple(compare_snapshots(cluster.originals(), cluster.agreed))
