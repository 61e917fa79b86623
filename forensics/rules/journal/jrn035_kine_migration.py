"""JRN035: the datastore could not be opened for its first query."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"first-query-failed": "the datastore could not be opened: its first query failed"}, ended_by=A_START)


@log_rule(
    "JRN035",
    "the datastore could not be opened for its first query",
    Severity.MEDIUM,
    fault=FaultKind.KINE,
    effect=Effect.DEGRADED,
    fires_on=("journal/kine-migration",),
)
def kine_migration(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `building kine: …`, `failed to migrate DB from sqlite: COUNT(*)`, LXD's `force initial raft log replay: …`.
    ## Why it matters
    The first query after the start failed. Nearly always there is no leader (membership, addresses); seldom is it
    the data.
    ## What to do
    Check the membership first: members in cluster.yaml that no longer exist, the founder at an old address, voters
    that do not run.
    ## References
    https://github.com/canonical/microk8s/issues/1604
    """
    return findings_of(case, CAUSE)
