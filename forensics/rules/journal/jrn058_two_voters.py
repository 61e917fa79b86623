"""JRN058: `microk8s status` shows two datastore masters."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"two-voters": "there are two voters, so the cluster stops when either of them stops"})


@log_rule(
    "JRN058",
    "`microk8s status` shows two datastore masters",
    Severity.MEDIUM,
    fault=FaultKind.ROLES,
    effect=Effect.DEGRADED,
    fires_on=("journal/two-voters",),
)
def two_voters(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `datastore master nodes:` with exactly two addresses, in a pasted `microk8s status`.
    ## Why it matters
    A leader needs a majority of the voters: of two, both. The cluster stops when either of them stops.
    ## False alarm if
    A third member joined a moment ago: it becomes a voter within 30 seconds.
    ## What to do
    Bring the third member back, or add one. Remove a member that is gone for good (`microk8s remove-node ADDRESS
    --force`).
    ## References
    canonical/microk8s scripts/wrappers/status.py; docs/reference/go-dqlite.md#what-the-files-mean
    """
    return findings_of(case, CAUSE)
