"""JRN011: the file system does not take writes, or reads fail."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("disk-error", "file-system")


@rule(
    "JRN011",
    "the file system does not take writes, or reads fail",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/disk-error",),
    silent_on=("journal/everyday",),
)
def disk_error(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Kernel and library texts: read-only file system, input/output errors, file system errors, raft's probes of
    direct and asynchronous I/O, a directory that is missing or cannot be written.
    ## Why it matters
    dqlite stops when it cannot write its log. After such errors, files that were being written may be damaged.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. `probe Async I/O` fails also when fs.aio-max-nr is used up: the disk is then
    fine.
    ## What to do
    Check the disk and the kernel's log first, then /proc/sys/fs/aio-nr against aio-max-nr. Copy the directory
    before any repair of the file system.
    ## References
    FACTS 2.2, 10.5
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if line.code == "file-system":
        return "the state directory cannot be used"
    return "the disk or file system failed"
