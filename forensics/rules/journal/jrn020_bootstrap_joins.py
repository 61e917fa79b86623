"""JRN020: a node with the founder's id was told to join."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {"bootstrap-joins": "info.yaml has the founder's id, but the node was started to join a cluster"}, ended_by=A_START
)


@log_rule(
    "JRN020",
    "a node with the founder's id was told to join",
    Severity.HIGH,
    fault=FaultKind.CONTROL_FILES,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/bootstrap-joins",),
)
def bootstrap_joins(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `bootstrap node can't join a cluster`.
    ## Why it matters
    info.yaml has the founder's id (3297041220608546238), and the node was started like one that joins: with a list
    of cluster addresses, or with a `join` file. The two contradict each other, and the node never starts.
    ## What to do
    On the joining node: make sure that it holds no state of its own that is needed, move its state directory away,
    and join again.
    ## References
    canonical/go-dqlite app/app.go; https://github.com/canonical/microk8s/issues/4713;
    docs/reference/raft.md#bootstrap-and-ids
    """
    return findings_of(case, CAUSE)
