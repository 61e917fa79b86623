"""KIN001: compact_rev_key in several rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, count, listed


@dataclass(frozen=True, slots=True)
class CompactTwice:
    """More than one row of compact_rev_key, and which: their ids."""

    kind: ClassVar[str] = "compact-twice"
    database: str
    rows: tuple[int, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the kine table has {count(len(self.rows), 'row')} of compact_rev_key",
            (f"There should be one. Their ids are {listed(map(str, self.rows))}.",),
        )


@rule(
    "KIN001",
    "several rows of compact_rev_key",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def compact_twice(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether the kine table has more than one row of `compact_rev_key`. Before the first compaction it has none.
    ## Why it matters
    That row holds the revision up to which history was removed. With two rows, it depends on the reader which one
    counts. This was a known bug of older kine.
    ## False alarm if
    The compactor is about to repair it: it does so when it starts.
    ## What to do
    Nothing, if the product is current: the next start of the compactor keeps one row.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    docs/reference/k8s-dqlite.md#what-rows-mean; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if len(kine.compact_rows) > 1:
        rows = tuple(row for row, _ in kine.compact_rows)
        yield Finding(CompactTwice(database.name, rows), database.at, where=(database.name,))
