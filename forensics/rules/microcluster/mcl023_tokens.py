"""MCL023: a join token that outlived its end."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.k8sd_tables import moment_of
from forensics.facts.database.of_cluster import newest_node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "MCL023",
    "expired join token is still kept",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    effect=Effect.NONE,
    fires_on=("microcluster/upgrade-wait",),
    silent_on=("healthy/k8sd",),
)
def tokens(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The ends of join tokens against the newest heartbeat in core_cluster_members. Secrets are not read.
    ## Why it matters
    The transaction that writes a heartbeat also removes expired tokens. One that is older than a heartbeat was written
    by a product that does not, or put back by a restored database. A token for the name of a member says that this
    member was to join again.
    ## False alarm if
    Products with microcluster before tokens had an end keep them for ever.
    ## What to do
    Revoke it with the product's command.
    ## References
    canonical/microcluster internal/rest/resources/heartbeat.go (DeleteExpiredCoreTokenRecords); FACTS 8.2
    """
    node = newest_node(cluster)
    table = next((found for found in node.databases.found if found.members is not None), None) if node else None
    if table is None or table.microcluster is None:
        return
    beats = [beat for row in table.members or () if (beat := moment_of(row.heartbeat))]
    newest = max(beats, default=None)
    members = {row.name for row in table.members or ()}
    for token in table.microcluster.tokens:
        end = moment_of(token.expires)
        if newest is not None and end is not None and end < newest:
            again = ", and a member has that name already" if token.name in members else ""
            message = (
                f"the join token for {token.name} ended at {end:%Y-%m-%d %H:%M} UTC, before the newest heartbeat{again}"
            )
            yield Finding(message, table.at)
