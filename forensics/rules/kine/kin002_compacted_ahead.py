"""KIN002: compact revision above all data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class CompactedAhead:
    """A compact revision that is larger than the last revision."""

    kind: ClassVar[str] = "compacted-ahead"
    database: str
    compact_revision: int
    last_revision: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "the compact revision is higher than every revision in the database",
            (f"The compact revision is {self.compact_revision}, but the last revision is {self.last_revision}.",),
        )


@rule(
    "KIN002",
    "compact revision that is higher than all revisions",
    Severity.HIGH,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/compacted-ahead",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def compacted_ahead(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether the compact revision is larger than the last revision.
    ## Why it matters
    Reads and watches from a revision at or below the compact revision are refused as compacted. If that is true of
    every revision, API servers list, watch from there, are refused, and start again without end.
    ## False alarm if
    No such case is known. A healthy history never leads here: compaction stays 100 revisions below the last one.
    ## What to do
    Find out why the rows are older than their compaction. Usually a database was restored from an older state.
    `history compact_rev_key` shows when the row was written. Restore a consistent state, or correct the row on the
    leader.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    docs/reference/k8s-dqlite.md#what-rows-mean; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    compact, last = kine.compact_revision, kine.last_revision
    if compact is not None and compact > last:
        yield Finding(CompactedAhead(database.name, compact, last), database.at, where=(database.name,))
