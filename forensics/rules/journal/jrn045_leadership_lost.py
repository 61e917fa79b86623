"""JRN045: the leader changed during a query."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_LEADER
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "leadership-lost": "a query met a node that was no longer the leader",
        **kinds(Kind.LEADERSHIP_LOST),
    },
    ended_by=A_LEADER,
)


@log_rule(
    "JRN045",
    "the leader changed during a query",
    Severity.LOW,
    fault=FaultKind.NO_LEADER,
    effect=Effect.NONE,
    fires_on=("journal/leadership-lost",),
)
def leadership_lost(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `leadership lost` and its relatives: a query met a node that was no longer the leader.
    ## Why it matters
    One such line is normal. Many in a row mean an unstable cluster: slow disks, a lost member, or a node with too
    much load.
    ## False alarm if
    A node was restarting, or handed its leadership over.
    ## What to do
    If there are many, look at disk latency, at members that are gone, and at the load.
    ## References
    canonical/dqlite src/leader.c; canonical/go-dqlite driver
    """
    return findings_of(case, CAUSE)
