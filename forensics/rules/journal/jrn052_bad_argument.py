"""JRN052: the service does not know an argument of its own."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"bad-argument": "the service does not know one of its arguments, and ends at once"}, ended_by=A_START)


@log_rule(
    "JRN052",
    "the service does not know an argument of its own",
    Severity.HIGH,
    fault=FaultKind.VERSION,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/bad-argument",),
)
def bad_argument(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `unknown flag: …`, `flag provided but not defined`, values that k8s-dqlite refuses (`unsupported TLS version`,
    …).
    ## Why it matters
    The process ends before it opens its state directory, at every start. The data is not touched: nothing needs to
    be recovered.
    ## False alarm if
    Somebody typed a command with a wrong flag: that prints the same.
    ## What to do
    Compare the file of arguments (`/var/snap/microk8s/current/args/k8s-dqlite`,
    `/var/snap/k8s/common/args/k8s-dqlite`) with `--help` of the installed revision, and remove what it does not
    know. Parameters of snapshots belong into `tuning.yaml`.
    ## References
    canonical/k8s-dqlite cmd/root.go, pkg/server/server.go; docs/reference/k8s-dqlite.md#control-files
    """
    return findings_of(case, CAUSE)
