"""KIN003: revisions will be given a second time."""

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
class SequenceBehind:
    """A remembered id that is smaller than the largest one in the table."""

    kind: ClassVar[str] = "sequence-behind"
    database: str
    sequence: int
    last_revision: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "revisions may be given to two different writes",
            (f"sqlite_sequence remembers {self.sequence} for kine, but the last revision is {self.last_revision}.",),
        )


@rule(
    "KIN003",
    "revisions that may be given a second time",
    Severity.MEDIUM,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def sequence_behind(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether the id of kine that `sqlite_sequence` remembers is smaller than the largest id in the table.
    ## Why it matters
    AUTOINCREMENT depends on that number alone. If it is too low and the last row is deleted, its id is given to another
    write. The revision of Kubernetes then goes back, and caches keep objects that no longer exist.
    ## False alarm if
    The rows with the largest ids stay: then SQLite counts on from them, and nothing happens.
    ## What to do
    Find out who edited the table or restored a part of it. Set the number in `sqlite_sequence` to the largest id.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured;
    https://www.sqlite.org/autoinc.html; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    sequence, last = kine.sequence, kine.last_revision
    if sequence is not None and sequence < last:
        yield Finding(SequenceBehind(database.name, sequence, last), database.at, where=(database.name,))
