"""KIN009: kine schema half migrated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import kine_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, listed

# user_version → (name of the schema, columns of the indexes that it must have)
_SCHEMAS: dict[int, tuple[str, set[tuple[str, ...]]]] = {
    1: ("0.1", {("name", "id"), ("prev_revision", "name")}),
    65536: ("1.0", {("name", "id", "deleted")}),
}


@dataclass(frozen=True, slots=True)
class HalfMigrated:
    """Indexes that the schema must have and does not: its name, and their columns."""

    kind: ClassVar[str] = "half-migrated"
    database: str
    schema: str
    lacking: tuple[tuple[str, ...], ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        indexes = listed(f"({', '.join(columns)})" for columns in self.lacking)
        return Words(
            f"the kine schema {self.schema} is only half migrated",
            (f"It has no index on {indexes}.",),
        )


@rule(
    "KIN009",
    "kine schema that is only half migrated",
    Severity.LOW,
    fault=FaultKind.KINE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def half_migrated(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether the indexes are those of the schema that `user_version` names: 0.1 (1) or 1.0 (65536).
    ## Why it matters
    Without its unique index, kine can store two successors of one revision. Without the other one, every list reads the
    whole table.
    ## False alarm if
    No such case is known. Other schemas, and upstream kine (0), are not judged.
    ## What to do
    Start the current product on it once: its migration creates what is missing. If it does not, read its messages.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; docs/reference/k8s-dqlite.md#the-kine-table
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    name, needed = _SCHEMAS.get(kine.user_version, ("", set()))
    lacking = needed - {columns for _, _, columns in kine.indexes}
    if lacking:
        problem = HalfMigrated(database.name, name, tuple(sorted(lacking)))
        yield Finding(problem, database.at, where=(database.name,))
