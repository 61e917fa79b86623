"""JRN054: raft may not read or write its own files."""

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
        "file-permission": (
            "raft may not read or write {file}: permission denied",
            "raft may not read or write its state directory: permission denied",
        ),
        **kinds(Kind.PERMISSION),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN054",
    "raft may not read or write its own files",
    Severity.HIGH,
    fault=FaultKind.PERMISSION,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/file-permission",),
)
def file_permission(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `permission denied` or `operation not permitted` in what raft says at its start.
    ## Why it matters
    Files of the state directory have another owner or mode than the service needs, usually after a restore or a
    copy by hand. The data is whole.
    ## What to do
    Compare owner and mode with those on a healthy member (`ls -la`). Give the whole directory back to the user of
    the service (root, 0600; MicroK8s: root:microk8s, 0660).
    ## References
    canonical/dqlite src/raft/uv_fs.c; docs/reference/files.md#rules-for-every-file
    """
    return findings_of(case, CAUSE)
