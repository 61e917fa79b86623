"""KIN005: no compaction for a long time."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule

_REVISIONS = 100_000  # five minutes of a very busy cluster are a tenth of this


@rule(
    "KIN005",
    "no compaction for a long time",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def compaction_stuck(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The compact revision is less than 100 000 behind the last revision.
    ## Why it matters
    Compaction runs every five minutes and keeps 100 revisions. Without it the database only grows, lists become
    slow, and in the end so does everything.
    ## False alarm if
    A burst of writes in the last five minutes, or a compaction interval set long on purpose (tuning.yaml).
    ## What to do
    Look for the compactor in the journal of the leader (since 1.5 only the leader compacts), and for a leader that
    changes more often than every five minutes. The growth by prefix in the report says what fills it.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.4, 7.5
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    compact = kine.compact_revision
    if compact is not None and kine.last_revision - compact > _REVISIONS:
        told = f"last revision {kine.last_revision}, compact revision {compact}"
        yield Finding(f"{told}: {kine.last_revision - compact} revisions behind", database.at)
