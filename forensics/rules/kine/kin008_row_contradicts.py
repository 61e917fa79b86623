"""KIN008: rows that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "KIN008",
    "rows that contradict themselves",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def row_contradicts(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    No row is both created and deleted, was created in a later revision than its own, exists without a value, or (in
    k8s-dqlite's own schemas) is deleted and has one.
    ## Why it matters
    API servers cannot decode such objects: lists of their whole resource may fail.
    ## False alarm if
    Scripts that write into the table like kine, but not quite. A table that kine never wrote is not checked.
    ## What to do
    `history KEY` tells when it was written. Delete the object through the API server, or the row on the leader.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.foreign:
        yield NotChecked("every row of the table claims to create its key: something else than kine wrote it")
        return
    if kine.damaged.count:
        yield Finding(f"{kine.damaged.count} rows, first {kine.damaged.samples[0]}", database.at)
