"""KIN005: no compaction for a long time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words

_REVISIONS = 100_000  # five minutes of a very busy cluster are a tenth of this


@dataclass(frozen=True, slots=True)
class CompactionStuck:
    """A compact revision that is far below the last revision."""

    kind: ClassVar[str] = "compaction-stuck"
    database: str
    compact_revision: int
    last_revision: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        behind = self.last_revision - self.compact_revision
        return Words(
            f"the last compaction was {behind} revisions ago",
            (f"The compact revision is {self.compact_revision}, the last revision {self.last_revision}.",),
        )


@rule(
    "KIN005",
    "no compaction for a long time",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def compaction_stuck(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether the compact revision is more than 100 000 below the last revision.
    ## Why it matters
    Compaction runs every five minutes and keeps 100 revisions. Without it the database only grows, lists become slow,
    and in the end everything does.
    ## False alarm if
    There was a burst of writes in the last five minutes, or somebody set a long compaction interval (tuning.yaml).
    ## What to do
    Look for the compactor in the journal of the leader (since 1.5 only the leader compacts), and for a leader that
    changes more often than every five minutes. The growth by prefix in the report shows what fills the database.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    docs/reference/k8s-dqlite.md#what-rows-mean; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    compact, last = kine.compact_revision, kine.last_revision
    if compact is not None and last - compact > _REVISIONS:
        yield Finding(CompactionStuck(database.name, compact, last), database.at, where=(database.name,))
