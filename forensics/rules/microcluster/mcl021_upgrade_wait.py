"""MCL021: members at different schema or API versions: the upgraded ones wait for the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import microcluster_of
from forensics.facts.database.k8sd_tables import MemberRow
from forensics.facts.database.summary import DatabaseFacts
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, listed, sentences


@dataclass(frozen=True, order=True, slots=True)
class SchemaVersion:
    """A version of the schema: of microcluster's own tables, and of the product's."""

    internal: int
    external: int

    @property
    def text(self) -> str:
        """`6/8`."""
        return f"{self.internal}/{self.external}"


@dataclass(frozen=True, slots=True)
class MemberBehind:
    """A member with an older schema.

    Attributes:
        name: of the member.
        schema: its version; None where its row does not say.
        pending: its row is PENDING.
    """

    name: str
    schema: SchemaVersion | None
    pending: bool

    @property
    def text(self) -> str:
        """`n2 (6/7)`, `n4 (6/7, PENDING)`."""
        version = self.schema.text if self.schema else "unknown version"
        return f"{self.name} ({version}{', PENDING' if self.pending else ''})"


@dataclass(frozen=True, slots=True)
class SchemasDiffer:
    """Members at different schema versions.

    Attributes:
        ahead: names of the members with the newest version.
        newest: that version.
        behind: the others.
        database: the version of the database itself; None where not known.
    """

    kind: ClassVar[str] = "schemas-differ"
    ahead: tuple[str, ...]
    newest: SchemaVersion
    behind: tuple[MemberBehind, ...]
    database: SchemaVersion | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        verb = "waits" if len(self.ahead) == 1 else "wait"
        own = f"The database itself is at {self.database.text}." if self.database else ""
        return Words(
            f"{listed(self.ahead)} {verb} for the upgrade of {listed(member.name for member in self.behind)}",
            sentences(
                f"The newest schema is {self.newest.text}.",
                f"Behind it: {listed(member.text for member in self.behind)}.",
                own,
            ),
        )


@dataclass(frozen=True, slots=True)
class ExtensionsDiffer:
    """Members with different API extensions.

    Attributes:
        fewest: names of the members that announce the fewest.
    """

    kind: ClassVar[str] = "extensions-differ"
    fewest: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"the others wait for the upgrade of {listed(self.fewest)}, with the fewest API extensions")


@rule(
    "MCL021",
    "members wait for the upgrade of others",
    Severity.MEDIUM,
    fault=FaultKind.VERSION,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/upgrade-wait",),
    silent_on=("healthy/k8sd",),
)
def upgrade_wait(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    `schema_internal`, `schema_external` and the API extensions are the same in all rows of core_cluster_members.
    ## Why it matters
    A daemon writes its own versions there when it starts. While one member is behind, those that are ahead wait and
    answer nothing (`database is waiting for an upgrade`), and the one that is behind stops with `This node's version is
    behind, please upgrade`. This ends only when every member runs the same version. A row that is PENDING counts too:
    the query that should leave it out looks for `pending`, in small letters.
    ## False alarm if
    A rolling upgrade was under way.
    ## What to do
    Upgrade the members that are behind (`snap list` on each). A member that will never come back stops all the others:
    remove it with the product's command, or remove its row with the help of support.
    ## References
    canonical/microcluster internal/db/db.go (waitUpgrade), internal/db/update/cluster.go;
    docs/reference/microcluster.md#tables
    """
    database = microcluster_of(cluster)
    if database is None:
        return
    rows = [(row, version) for row in database.members or () if (version := _version(row))]
    problem = _schemas(rows, database) or _extensions([row for row, _ in rows])
    if problem:
        yield Finding(problem, database.at)


def _schemas(rows: list[tuple[MemberRow, SchemaVersion]], database: DatabaseFacts) -> SchemasDiffer | None:
    """None where all have one version."""
    newest = max((version for _, version in rows), default=None)
    behind = tuple(MemberBehind(str(row.name), version, row.pending) for row, version in rows if version != newest)
    if newest is None or not behind:
        return None
    ahead = tuple(str(row.name) for row, version in rows if version == newest)
    schema = database.microcluster.schema if database.microcluster else None
    return SchemasDiffer(ahead, newest, behind, SchemaVersion(*schema) if schema else None)


def _extensions(rows: list[MemberRow]) -> ExtensionsDiffer | None:
    """None where all that announce any announce the same."""
    announced = {row.extensions for row in rows if row.extensions is not None}
    if len(announced) < 2:
        return None
    fewest = min(announced, key=len)
    return ExtensionsDiffer(tuple(str(row.name) for row in rows if row.extensions == fewest))


def _version(row: MemberRow) -> SchemaVersion | None:
    if row.schema_internal is None or row.schema_external is None:
        return None
    return SchemaVersion(row.schema_internal, row.schema_external)
