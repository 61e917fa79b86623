"""JRN023: k8s-dqlite refused leftovers in its directory."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "leftover-state": "init.yaml asks for a new node, but {file} of an old one is still there",
        "control-file-failed": (
            "{file} of k8s-dqlite could not be used",
            "a control file of k8s-dqlite could not be used",
        ),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN023",
    "k8s-dqlite refused leftovers in its directory",
    Severity.HIGH,
    fault=FaultKind.LEFTOVER,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/leftover-state",),
)
def leftover_state(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    k8s-dqlite's `data directory seems to have existing state '…'`, and its errors about init.yaml, update.yaml,
    tuning.yaml and failure-domain.
    ## Why it matters
    init.yaml starts a new node only in an empty directory. With old files beside it, nothing starts. These files
    may be the only copy of a database.
    ## What to do
    If the node was meant to be new: move the old files away, all of them together, and keep them. If it was not:
    remove init.yaml.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; docs/reference/k8s-dqlite.md#control-files
    """
    return findings_of(case, CAUSE)
