"""KIN007: revisions without a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, listed

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Revisions:
    """A range of revisions."""

    first: int
    last: int

    def words(self) -> str:
        """`144–199999`."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class RevisionGap:
    """Ranges of revisions that have no row, the first few."""

    kind: ClassVar[str] = "revision-gap"
    database: str
    gaps: tuple[Revisions, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "revisions are missing in the kine table",
            (f"There is no row for revisions {listed((gap.words() for gap in self.gaps), _SHOWN)}.",),
        )


@rule(
    "KIN007",
    "revisions without a row",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def revision_gap(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether every revision above the compact revision has a row.
    ## Why it matters
    A write that fails gives its number back, and compaction works only below its revision. A gap is a lost entry, or a
    row that somebody deleted.
    ## False alarm if
    The product is k8s-dqlite up to 1.5, which fills gaps later; or kine repaired a doubled compact_rev_key, which
    leaves one gap.
    ## What to do
    Look at the entries around the neighbouring revisions with `log`; `history KEY` tells their indexes.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    docs/reference/k8s-dqlite.md#what-rows-mean; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    if kine.gaps:
        gaps = tuple(Revisions(first, last) for first, last in kine.gaps)
        yield Finding(RevisionGap(database.name, gaps), database.at, where=(database.name,))
