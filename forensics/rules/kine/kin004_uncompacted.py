"""KIN004: rows that a compaction should have removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.facts.database.kine_oddity import OddRow
from forensics.facts.database.words import odd_row_words
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, count, verb


@dataclass(frozen=True, slots=True)
class Uncompacted:
    """Rows at or below the compact revision that should be gone.

    Attributes:
        rows: how many.
        compact_revision: up to where history was removed.
        first: the first of them.
    """

    kind: ClassVar[str] = "uncompacted"
    database: str
    rows: int
    compact_revision: int
    first: OddRow

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"a compaction left {count(self.rows, 'row')} that it should have removed",
            (
                f"{verb(self.rows, 'It is', 'They are')} at or below compact revision {self.compact_revision}.",
                f"{verb(self.rows, 'It', 'The first')} is {odd_row_words(self.first)}.",
            ),
        )


@rule(
    "KIN004",
    "rows that a compaction should have removed",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def uncompacted(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether there are, at or below the compact revision, rows that delete a key, or rows that a later one replaces.
    ## Why it matters
    A compaction was interrupted, or rows were written below its revision. They are never removed, and take space.
    ## False alarm if
    A compaction was running: old versions compact in batches, and between two of them it looks like this for seconds.
    ## What to do
    Nothing urgent. If they become more, look for the compactor's messages in the journal of the leader.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    docs/reference/k8s-dqlite.md#what-rows-mean; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    compact, found = kine.compact_revision or 0, kine.uncompacted
    if found.count and compact <= kine.last_revision:
        problem = Uncompacted(database.name, found.count, compact, found.samples[0])
        yield Finding(problem, database.at, where=(database.name,))
