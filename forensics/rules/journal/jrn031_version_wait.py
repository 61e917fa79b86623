"""JRN031: members wait for each other's version."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "version-wait": "members wait for others to be upgraded",
        **kinds(Kind.SCHEMA_WAIT),
    },
    transient=True,
    ended_by=A_START,
)


@log_rule(
    "JRN031",
    "members wait for each other's version",
    Severity.MEDIUM,
    fault=FaultKind.VERSION,
    effect=Effect.DEGRADED,
    fires_on=("journal/version-wait",),
)
def version_wait(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `Wait for other cluster nodes to upgrade their versions`, `… is behind …`.
    ## Why it matters
    A daemon does not start before all members that the database knows have the same schema and API. A dead member,
    or a stale row for one, blocks all.
    ## False alarm if
    A rolling upgrade was under way: each writes such lines. Where the same service logged other things for more
    than 15 minutes afterwards and this no more, the finding is `info`.
    ## What to do
    Compare the versions of all members. Upgrade the one that is behind, or remove the member that is gone.
    ## References
    canonical/lxd lxd/db/cluster/open.go; https://github.com/canonical/lxd/issues/6022
    """
    return findings_of(case, CAUSE)
