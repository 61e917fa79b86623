"""KIN004: rows that a compaction should have removed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "KIN004",
    "rows that a compaction should have removed",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def uncompacted(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    At or below the compact revision there is no tombstone, and no row with a successor that is there as well.
    ## Why it matters
    A compaction was interrupted, or rows were written behind it. They stay for ever and cost space.
    ## False alarm if
    Old versions compacted in batches; a state between two of them looks like this for seconds.
    ## What to do
    Nothing urgent. If it grows, look at the compactor's messages in the journal of the leader.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.uncompacted.count and (kine.compact_revision or 0) <= kine.last_revision:
        told = f"{kine.uncompacted.count} rows at or below compact revision {kine.compact_revision}"
        yield Finding(f"{told}, first {kine.uncompacted.samples[0]}", database.at)
