"""MCL021: members at different schema or API versions: the upgraded ones wait for the others."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.k8sd_tables import MemberRow
from forensics.facts.database.of_cluster import newest_node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

Version = tuple[int, int]


@rule(
    "MCL021",
    "members wait for an upgrade of the others",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/upgrade-wait",),
    silent_on=("healthy/k8sd",),
)
def upgrade_wait(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    `schema_internal`, `schema_external` and the API extensions of all rows in core_cluster_members.
    ## Why it matters
    A daemon writes its own versions there when it starts. Where one member is behind, those that are ahead wait and
    answer nothing (`database is waiting for an upgrade`), and one that is behind stops with `This node's version is
    behind, please upgrade`. It ends only when every member runs the same version. A row that is PENDING counts like any
    other: the query that should leave it out looks for `pending`, in small letters.
    ## False alarm if
    In the middle of a rolling upgrade that goes on.
    ## What to do
    Upgrade the members that are named as behind (`snap list` on each). A member that will never come back holds all
    others up: remove it with the product's command, or its row with the help of support.
    ## References
    canonical/microcluster internal/db/db.go (waitUpgrade), internal/db/update/cluster.go; FACTS 8.2
    """
    node = newest_node(cluster)
    table = next((found for found in node.databases.found if found.members is not None), None) if node else None
    rows = [row for row in (table.members or ()) if _version(row) is not None] if table else []
    if table is None or not rows:
        return
    newest = max(version for row in rows if (version := _version(row)))
    behind = [row for row in rows if _version(row) != newest]
    if behind:
        told = ", ".join(
            f"{row.name} at {_words(_version(row))}{' (PENDING)' if row.pending else ''}" for row in behind
        )
        ahead = ", ".join(str(row.name) for row in rows if row not in behind)
        database = f"; the database itself is at {_words(table.microcluster.schema)}" if table.microcluster else ""
        message = f"{ahead} at schema {_words(newest)} wait for {told}{database}"
        yield Finding(message, table.at)
    elif len(extensions := {row.extensions for row in rows if row.extensions is not None}) > 1:
        names = ", ".join(str(row.name) for row in rows if row.extensions == min(extensions, key=len))
        yield Finding(f"members announce different API extensions; {names} the fewest: the others wait", table.at)


def _version(row: MemberRow) -> Version | None:
    if row.schema_internal is None or row.schema_external is None:
        return None
    return row.schema_internal, row.schema_external


def _words(version: Version | None) -> str:
    return f"{version[0]}/{version[1]}" if version else "an unknown version"
