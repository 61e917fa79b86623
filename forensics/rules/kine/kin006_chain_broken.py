"""KIN006: histories of keys that do not connect."""

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
class ChainBroken:
    """Rows that do not continue the row of their key before them: how many, and the first."""

    kind: ClassVar[str] = "chain-broken"
    database: str
    rows: int
    first: OddRow

    def words(self, _: Severity) -> Words:
        """See Problem."""
        do, their = verb(self.rows, "does", "do"), verb(self.rows, "its", "their")
        return Words(
            f"{count(self.rows, 'row')} of kine {do} not continue the history of {their} key",
            (f"{verb(self.rows, 'This row', 'The first')}: {odd_row_words(self.first)}.",),
        )


@rule(
    "KIN006",
    "histories of keys that do not connect",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def chain_broken(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether each row above the compact revision names the row of its key before it, and whether a row creates a key that
    exists.
    ## Why it matters
    If the row before is missing, a write was lost, or two histories were merged: after a split brain, a recovery from
    the wrong node, or a log whose entries moved.
    ## False alarm if
    A script writes into the table, almost as kine does. A table that kine never wrote is not checked.
    ## What to do
    Compare `history KEY` on each node. `analyze` with the directories of all nodes tells whether their logs differ.
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
    if kine.chain.count:
        problem = ChainBroken(database.name, kine.chain.count, kine.chain.samples[0])
        yield Finding(problem, database.at, where=(database.name,))
