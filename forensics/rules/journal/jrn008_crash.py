"""JRN008: dqlite or raft crashed."""

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
        "assertion": ("an assertion failed in {file}", "an assertion failed in {function}"),
        "crash": "a service that carries dqlite crashed",
        **kinds(Kind.ASSERTION, Kind.PANIC, Kind.SIGNAL),
    }
)


@log_rule(
    "JRN008",
    "dqlite or raft crashed",
    Severity.HIGH,
    fault=FaultKind.CRASH,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/crash",),
)
def crash(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Failed assertions in the library's sources; segmentation faults and aborts of a service that carries the
    library.
    ## Why it matters
    The process ends without a clean stop, and leaves open segments behind. An assertion that fails at a start fails
    at every start: its cause is in the files.
    ## False alarm if
    The crash came from another part of the service: the lines around it tell.
    ## What to do
    Keep the core dump and the directory, and note the version (`snap list`). If it crashes at every start, stop the
    service, so that it does not restart forever.
    ## References
    docs/reference/start.md#loading-segments; https://github.com/canonical/dqlite/issues
    """
    return findings_of(case, CAUSE)
