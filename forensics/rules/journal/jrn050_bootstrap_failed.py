"""JRN050: bootstrapping the cluster did not finish."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"bootstrap-failed": "bootstrapping the cluster did not finish"}, ended_by=A_START)


@log_rule(
    "JRN050",
    "bootstrapping the cluster did not finish",
    Severity.MEDIUM,
    fault=FaultKind.NO_LEADER,
    effect=Effect.ATTENTION,
    fires_on=("journal/bootstrap-failed",),
)
def bootstrap_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `failed to bootstrap new cluster …`, `failed to run post-bootstrap actions`.
    ## Why it matters
    k8sd sets up its own database and k8s-dqlite in one go. If that stops half-way (a time limit, a service that
    does not come up), files stay in both state directories, and the next attempt stops at them.
    ## What to do
    Look for the first error before it, in the logs of k8sd and k8s-dqlite. If the host holds nothing yet, remove
    what the attempt left (`/var/snap/k8s/common/var/lib/k8s-dqlite`, the state of k8sd), and bootstrap again with a
    longer `--timeout`.
    ## References
    canonical/k8s-snap src/k8s/cmd/k8s; https://github.com/canonical/k8s-snap/issues/482
    """
    return findings_of(case, CAUSE)
