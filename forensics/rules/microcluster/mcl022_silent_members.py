"""MCL022: members that the leader's heartbeat has not reached, or that are still PENDING."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.k8sd_tables import moment_of
from forensics.facts.database.of_cluster import newest_node
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule

_SILENT = timedelta(minutes=5)  # thirty heartbeats of ten seconds
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)  # Go's zero time is of the year 1


@rule(
    "MCL022",
    "member that is not heard of, or pending",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    effect=Effect.DEGRADED,
    fires_on=("microcluster/upgrade-wait",),
    silent_on=("healthy/k8sd",),
)
def silent_members(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The heartbeats in core_cluster_members against the newest of them: more than five minutes behind it. Rows that are
    PENDING (low).
    ## Why it matters
    The leader writes the time of each member that answered, every ten seconds. One that stays behind was down, or could
    not be reached, while the others went on. A PENDING row is a join that has not ended: microcluster trusts its
    certificate already, and counts it when it waits for upgrades.
    ## False alarm if
    A heartbeat interval of the product's own that is longer. A join that was under way when the copy was made.
    ## What to do
    Look at that host: is its daemon running, does its address answer on the cluster's port, does its clock agree? A
    pending member that nobody joins any more is removed by the product's command.
    ## References
    canonical/microcluster internal/rest/resources/heartbeat.go, cluster/cluster_members.go; FACTS 8.2
    """
    node = newest_node(cluster)
    table = next((found for found in node.databases.found if found.members is not None), None) if node else None
    if table is None or table.members is None:
        return
    for row in table.members:
        if row.pending:
            message = f"{row.name} is PENDING in core_cluster_members: its join has not ended"
            yield Finding(message, table.at, Severity.LOW, effect=Effect.ATTENTION)
    beats = {str(row.name): beat for row in table.members if not row.pending and (beat := moment_of(row.heartbeat))}
    newest = max(beats.values(), default=None)
    if newest is None or newest < _NEVER:
        yield NotChecked("no heartbeat that can be read")
        return
    for name, beat in sorted(beats.items()):
        if beat < _NEVER:
            yield Finding(f"{name} never answered a heartbeat", table.at)
        elif newest - beat > _SILENT:
            message = (
                f"{name} last answered at {beat:%Y-%m-%d %H:%M:%S} UTC, the others until {newest:%Y-%m-%d %H:%M:%S}"
            )
            yield Finding(message, table.at)
