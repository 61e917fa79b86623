"""JRN011: the file system refuses writes, or reads fail."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "disk-error": "the disk or its file system failed",
        "directory-unusable": "the state directory cannot be used",
        **kinds(Kind.READ_ONLY, Kind.INPUT_OUTPUT),
    }
)


@log_rule(
    "JRN011",
    "the file system refuses writes, or reads fail",
    Severity.HIGH,
    fault=FaultKind.DISK_ERRORS,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/disk-error",),
)
def disk_error(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What the kernel and the library say: a read-only file system, input/output errors, errors of the file system,
    raft's probes of direct and asynchronous I/O, a directory that is missing or cannot be written.
    ## Why it matters
    dqlite stops when it cannot write its log. Files that were being written at that moment may be damaged.
    ## False alarm if
    `probe Async I/O` fails because fs.aio-max-nr is used up: then the disk is fine.
    ## What to do
    Check the disk and the kernel's log first. Then compare /proc/sys/fs/aio-nr with aio-max-nr. Copy the directory
    before you repair the file system.
    ## References
    docs/reference/start.md#failures-before-loading; docs/reference/collectors.md#microk8s-inspect
    """
    return findings_of(case, CAUSE)
