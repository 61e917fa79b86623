"""KIN003: revisions will be given a second time."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "KIN003",
    "revisions will be given a second time",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def sequence_behind(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    What `sqlite_sequence` remembers as kine's last id is not smaller than the largest id there is.
    ## Why it matters
    AUTOINCREMENT keeps its promise by that number alone. Behind the data, a deleted last row frees its
    id for another write, and the revision of Kubernetes goes back: caches keep what no longer exists.
    ## False alarm if
    As long as the rows with the largest ids stay, SQLite counts on from them and nothing happens.
    ## What to do
    Find who edited the table or restored a part of it. Set the number in `sqlite_sequence` to the largest id.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; https://www.sqlite.org/autoinc.html; FACTS 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.sequence is not None and kine.sequence < kine.last_revision:
        told = f"sqlite_sequence remembers {kine.sequence}, but the last revision is {kine.last_revision}"
        yield Finding(told, database.at)
