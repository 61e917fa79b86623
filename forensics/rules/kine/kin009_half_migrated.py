"""KIN009: kine schema half migrated."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import kine_of
from forensics.rules.api import Finding, Needs, Severity, rule

# user_version → (name of the schema, columns of the indexes that it must have)
_SCHEMAS: dict[int, tuple[str, set[tuple[str, ...]]]] = {
    1: ("0.1", {("name", "id"), ("prev_revision", "name")}),
    65536: ("1.0", {("name", "id", "deleted")}),
}


@rule(
    "KIN009",
    "kine schema half migrated",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/stopped-111", "healthy/running-111"),
)
def half_migrated(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The indexes are those of the schema that `user_version` names: 0.1 (1) or 1.0 (65536).
    ## Why it matters
    Without its unique index kine can store two successors of one revision; without the other one every list is a scan.
    ## False alarm if
    Other versions of the schema, and upstream kine (0), are not judged.
    ## What to do
    Let the current product start on it once; its migration creates what is missing. If not, look at its messages.
    ## References
    canonical/k8s-dqlite pkg/kine; k3s-io/kine pkg/logstructured; FACTS 7.3
    """
    database = kine_of(cluster)
    kine = database.kine if database else None
    if database is None or kine is None:
        return
    name, needed = _SCHEMAS.get(kine.user_version, ("", set()))
    lacking = needed - {columns for _, _, columns in kine.indexes}
    if lacking:
        told = "; ".join(f"({', '.join(columns)})" for columns in sorted(lacking))
        yield Finding(f"schema {name} without its index on {told}", database.at)
