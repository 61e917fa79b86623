"""JRN044: joining the cluster failed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_JOIN
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "join-failed": "joining the cluster failed",
        **kinds(Kind.TOKEN),
    },
    ended_by=A_JOIN,
)


@log_rule(
    "JRN044",
    "joining the cluster failed",
    Severity.MEDIUM,
    fault=FaultKind.NO_LEADER,
    effect=Effect.ATTENTION,
    fires_on=("journal/join-failed",),
)
def join_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What go-dqlite, microcluster and the products say when a node cannot join.
    ## Why it matters
    The node is no member, or only half of one. What it left behind (an id in the configuration, an entry in the
    truststore) blocks the next attempt.
    ## False alarm if
    A later attempt succeeded.
    ## What to do
    Look for the reason in the same lines: certificate, address, name, token. Remove what the attempt left in the
    cluster, reset the node, and join with a fresh token.
    ## References
    canonical/microcluster internal/daemon; canonical/go-dqlite app; docs/reference/microcluster.md#relations-that-hold
    """
    return findings_of(case, CAUSE)
