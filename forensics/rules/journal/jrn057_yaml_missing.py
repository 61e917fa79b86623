"""JRN057: cluster.yaml is not there yet, or no longer."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"yaml-missing": "cluster.yaml is not there"}, ended_by=A_START)


@log_rule(
    "JRN057",
    "cluster.yaml is not there yet, or no longer",
    Severity.LOW,
    fault=FaultKind.IDENTITY_FILES,
    effect=Effect.ATTENTION,
    fires_on=("journal/yaml-missing",),
)
def yaml_missing(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Tools that do not find cluster.yaml (`open servers store: …`, `failed to read list of dqlite nodes: …`).
    ## Why it matters
    dqlite writes the file at its first start. If it stays away, the node has not come up: look for the node's own
    error.
    ## False alarm if
    The node was joining, or started for the first time: for some seconds this is normal.
    ## What to do
    See whether k8s-dqlite runs, and read its log. If it runs and the file is missing, copy it from a healthy
    member.
    ## References
    https://github.com/canonical/microk8s-cluster-agent/pull/26; docs/reference/go-dqlite.md#files
    """
    return findings_of(case, CAUSE)
