"""JRN038: cluster.yaml could not be read for its permissions."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"yaml-permission": "{file} could not be read: permission denied"})


@log_rule(
    "JRN038",
    "cluster.yaml could not be read for its permissions",
    Severity.LOW,
    fault=FaultKind.PERMISSION,
    effect=Effect.NONE,
    fires_on=("journal/yaml-permission",),
)
def yaml_permission(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `open …/cluster.yaml: permission denied`.
    ## Why it matters
    When the file was just rewritten, it belongs to root alone until the service corrects that: once, this does no
    harm. If it stays so, the status command cannot work.
    ## What to do
    Compare owner and mode with the other files of the directory, and see whether the line comes again.
    ## References
    https://github.com/canonical/microk8s/issues/3479; docs/reference/go-dqlite.md#files
    """
    return findings_of(case, CAUSE)
