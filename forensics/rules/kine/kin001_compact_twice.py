"""KIN001: compact_rev_key in several rows."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "KIN001",
    "compact_rev_key in several rows",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def compact_twice(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The table has at most one row of `compact_rev_key` (none before the first compaction).
    ## Why it matters
    That row holds the revision up to which history was removed. With two, who reads decides which one counts; it was
    a known bug of older kine.
    ## False alarm if
    The compactor repairs it when it starts, so it can be a moment's picture.
    ## What to do
    Nothing, where the product is current: the next start of the compactor keeps one.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if len(kine.compact_rows) > 1:
        rows = ", ".join(str(row) for row, _ in kine.compact_rows)
        yield Finding(f"{len(kine.compact_rows)} rows of compact_rev_key: ids {rows}", database.at)
