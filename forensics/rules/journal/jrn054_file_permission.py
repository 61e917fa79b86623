"""JRN054: raft may not read or write its own files."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("file-permission",)


@rule(
    "JRN054",
    "raft may not read or write its own files",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/file-permission",),
    silent_on=("journal/everyday",),
)
def file_permission(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `permission denied` or `operation not permitted` in what raft says at its start.
    ## Why it matters
    Files of the state directory belong to another user, or have another mode, than the service runs with: usually after
    a restore or a copy by hand. The data itself is whole.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Compare owner and mode with those of a healthy member (`ls -la`); give the whole directory back to the service's
    user (root, 0600; MicroK8s: root:microk8s, 0660).
    ## References
    canonical/dqlite src/raft/uv_fs.c; FACTS 1.1
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return f"raft may not use {line.fields.get('file', 'its state directory')}"
