"""JRN043: a recovery was refused."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"recovery-refused": "a recovery was refused"})


@log_rule(
    "JRN043",
    "a recovery was refused",
    Severity.MEDIUM,
    fault=FaultKind.FORCED_CONFIGURATION,
    effect=Effect.ATTENTION,
    fires_on=("journal/recovery-refused",),
)
def recovery_refused(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What `cluster recover`, `cluster-recover` and `.reconfigure` say when they stop.
    ## Why it matters
    Nothing was recovered: the cluster is as it was. Clusters split when somebody tries again on another node after
    a first attempt was half done.
    ## False alarm if
    A later attempt succeeded: see JRN041.
    ## What to do
    Do what the text asks for (all members stopped; no member added or renamed in the edited YAML), and run it again
    on the same node. `plan` names the node and every step.
    ## References
    canonical/microcluster internal/recover; canonical/go-dqlite cmd/dqlite;
    docs/reference/raft.md#traces-of-a-recovery; docs/reference/microcluster.md#microcluster-and-k8sd
    """
    return findings_of(case, CAUSE)
