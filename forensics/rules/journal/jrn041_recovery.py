"""JRN041: a recovery was run."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import Cause, findings_of

CAUSE = Cause({"recovery-run": "somebody forced a change of the membership"}, lasting=True)


@rule(
    "JRN041",
    "a recovery was run",
    Severity.INFO,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/recovery",),
    silent_on=("journal/everyday",),
)
def recovery(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `Recovery tarball located`, `raft_recover()`, k8s-dqlite's `will update address of dqlite node`.
    ## Why it matters
    A forced change of the membership rewrites the raft configuration. If it is run on more than one node, there are
    two histories.
    ## False alarm if
    It was long ago, and the cluster has run well since.
    ## What to do
    Make sure that it was run once, on one node, and that the others took that node's directory.
    ## References
    https://github.com/canonical/lxd/issues/13524; docs/reference/raft.md#traces-of-a-recovery
    """
    return findings_of(case, CAUSE)
