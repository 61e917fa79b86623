"""KIN008: rows that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.facts.database.kine_oddity import OddRow
from forensics.facts.database.words import odd_row_words
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, count, verb


@dataclass(frozen=True, slots=True)
class RowContradicts:
    """Rows whose flags and values contradict each other: how many, and the first."""

    kind: ClassVar[str] = "row-contradicts"
    database: str
    rows: int
    first: OddRow

    def words(self, _: Severity) -> Words:
        """See Problem."""
        contradict = verb(self.rows, "contradicts itself", "contradict themselves")
        return Words(
            f"{count(self.rows, 'row')} of kine {contradict}",
            (f"{verb(self.rows, 'This row', 'The first')}: {odd_row_words(self.first)}.",),
        )


@rule(
    "KIN008",
    "rows of kine that contradict themselves",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def row_contradicts(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether a row is both created and deleted, was created in a later revision than its own, exists without a value, or
    (in k8s-dqlite's own schemas) is deleted and has a value.
    ## Why it matters
    API servers cannot decode such objects, so lists of all objects of that kind may fail.
    ## False alarm if
    A script writes into the table, almost as kine does. A table that kine never wrote is not checked.
    ## What to do
    `history KEY` tells when the row was written. Delete the object through the API server, or the row on the leader.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    docs/reference/k8s-dqlite.md#what-rows-mean; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.foreign:
        yield NotChecked(
            "something else than kine wrote the table: every row claims to create its key", "foreign-table"
        )
        return
    if kine.damaged.count:
        problem = RowContradicts(database.name, kine.damaged.count, kine.damaged.samples[0])
        yield Finding(problem, database.at, where=(database.name,))
