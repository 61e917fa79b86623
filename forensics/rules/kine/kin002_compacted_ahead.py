"""KIN002: compact revision behind all data."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "KIN002",
    "compact revision behind all data",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/compacted-ahead",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def compacted_ahead(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The compact revision is not larger than the last revision.
    ## Why it matters
    Reads and watches from a revision at or below the compact one are refused as compacted. If every revision is, API
    servers list, watch from there, are refused, and start over for ever.
    ## False alarm if
    No healthy history leads here: compaction stays 100 revisions behind the last one.
    ## What to do
    Find how the rows came to be older than their compaction: usually a database restored from an older state.
    `history compact_rev_key` shows when it was set. Restore consistently, or correct the row on the leader.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    compact = kine.compact_revision
    if compact is not None and compact > kine.last_revision:
        yield Finding(f"compact revision {compact}, but the last revision is {kine.last_revision}", database.at)
