"""MCL023: a join token that outlived its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import microcluster_of
from forensics.facts.database.k8sd_tables import moment_of
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, moment, sentences


@dataclass(frozen=True, slots=True)
class ExpiredToken:
    """A join token that should have been removed.

    Attributes:
        name: of the member that it is for; None where it has none.
        expired: when.
        newest_heartbeat: when expired tokens were last removed.
        is_member: a member has that name already.
    """

    kind: ClassVar[str] = "expired-token"
    name: str | None
    expired: datetime
    newest_heartbeat: datetime
    is_member: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the join token for {self.name} expired on {moment(self.expired)}, but is still there",
            sentences(
                f"The newest heartbeat is from {moment(self.newest_heartbeat)}.",
                "A member has that name already." if self.is_member else "",
            ),
        )


@rule(
    "MCL023",
    "expired join token is still there",
    Severity.INFO,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    effect=Effect.NONE,
    fires_on=("microcluster/upgrade-wait",),
    silent_on=("healthy/k8sd",),
)
def tokens(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    No join token expired before the newest heartbeat in core_cluster_members. Secrets are not read.
    ## Why it matters
    The transaction that writes a heartbeat also removes expired tokens. One that expired before a heartbeat belongs to
    a product that does not do this, or came back with a restored database. A token for the name of a member says that
    this member was to join again.
    ## False alarm if
    The product has an old microcluster: tokens had no end then, and are kept forever.
    ## What to do
    Revoke the token with the product's command.
    ## References
    canonical/microcluster internal/rest/resources/heartbeat.go (DeleteExpiredCoreTokenRecords);
    docs/reference/microcluster.md#tables
    """
    table = microcluster_of(cluster)
    if table is None or table.microcluster is None:
        return
    newest = max((beat for row in table.members or () if (beat := moment_of(row.heartbeat))), default=None)
    members = {row.name for row in table.members or ()}
    for token in table.microcluster.tokens:
        end = moment_of(token.expires)
        if newest is not None and end is not None and end < newest:
            problem = ExpiredToken(token.name, end, newest, token.name in members)
            yield Finding(problem, table.at, where=(token.name or "", token.expires or ""))
