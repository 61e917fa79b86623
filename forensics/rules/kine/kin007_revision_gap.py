"""KIN007: revisions without a row."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "KIN007",
    "revisions without a row",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def revision_gap(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Behind the compact revision every number has a row.
    ## Why it matters
    A write that fails gives its number back, and compaction only works below its revision. A hole is a lost entry, or a
    row deleted by hand.
    ## False alarm if
    k8s-dqlite up to 1.5 filled gaps later; the repair of a doubled compact_rev_key leaves one hole.
    ## What to do
    `log` around the entries of the neighbouring revisions (`history KEY` gives their indexes).
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.gaps:
        shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in kine.gaps[:3])
        more = f" and {len(kine.gaps) - 3} more" if len(kine.gaps) > 3 else ""
        yield Finding(f"no row for revision {shown}{more}", database.at)
