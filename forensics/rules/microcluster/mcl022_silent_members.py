"""MCL022: members that the leader's heartbeat has not reached, or that are still PENDING."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import microcluster_of
from forensics.facts.database.k8sd_tables import moment_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, duration, moment

_SILENT = timedelta(minutes=5)  # thirty heartbeats of ten seconds
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)  # Go's zero time is of the year 1


@dataclass(frozen=True, slots=True)
class Pending:
    """A member whose join has not ended.

    Attributes:
        name: of the member.
    """

    kind: ClassVar[str] = "pending"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.name} is PENDING in core_cluster_members: its join has not ended",
            steps="If nobody is joining this member any more, remove it with the product's command.",
        )


@dataclass(frozen=True, slots=True)
class NeverAnswered:
    """A member without any heartbeat.

    Attributes:
        name: of the member.
    """

    kind: ClassVar[str] = "never-answered"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.name} never answered a heartbeat")


@dataclass(frozen=True, slots=True)
class Silent:
    """A member whose last heartbeat is older than the others'.

    Attributes:
        name: of the member.
        heartbeat: when it last answered.
        newest: when the others last did.
    """

    kind: ClassVar[str] = "silent"
    name: str
    heartbeat: datetime
    newest: datetime

    def words(self, _: Severity) -> Words:
        """See Problem."""
        behind = duration((self.newest - self.heartbeat).total_seconds())
        return Words(
            f"{self.name} stopped answering heartbeats {behind} before the others did",
            (f"It last answered at {moment(self.heartbeat)}, the others until {moment(self.newest)}.",),
        )


@rule(
    "MCL022",
    "member that does not answer heartbeats, or is pending",
    Severity.MEDIUM,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    effect=Effect.DEGRADED,
    fires_on=("microcluster/upgrade-wait",),
    silent_on=("healthy/k8sd",),
)
def silent_members(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    No heartbeat in core_cluster_members is more than five minutes older than the newest one there, and no row is
    PENDING.
    ## Why it matters
    Every ten seconds the leader writes the time for each member that answered. A member that stays behind was down, or
    could not be reached, while the others went on. A PENDING row is a join that has not ended: microcluster trusts its
    certificate already, and counts it when it waits for upgrades.
    ## False alarm if
    The product uses a longer heartbeat interval, or a join was under way when the copy was made. A PENDING row is the
    milder case.
    ## What to do
    Look at that host: is its daemon running, does its address answer on the cluster's port, is its clock right?
    ## References
    canonical/microcluster internal/rest/resources/heartbeat.go, cluster/cluster_members.go;
    docs/reference/microcluster.md#tables
    """
    table = microcluster_of(cluster)
    rows = table.members if table else None
    if table is None or rows is None:
        return
    for name in (str(row.name) for row in rows if row.pending):
        yield Finding(Pending(name), table.at, Severity.LOW, effect=Effect.ATTENTION, where=(name,))
    beats = {str(row.name): beat for row in rows if not row.pending and (beat := moment_of(row.heartbeat))}
    newest = max(beats.values(), default=None)
    if newest is None or newest < _NEVER:
        yield NotChecked("no heartbeat can be read", "heartbeats-unreadable")
        return
    for name, beat in sorted(beats.items()):
        if problem := _silence(name, beat, newest):
            yield Finding(problem, table.at, where=(name,))


def _silence(name: str, beat: datetime, newest: datetime) -> NeverAnswered | Silent | None:
    if beat < _NEVER:
        return NeverAnswered(name)
    return Silent(name, beat, newest) if newest - beat > _SILENT else None
