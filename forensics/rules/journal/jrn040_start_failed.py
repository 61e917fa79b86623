"""JRN040: start failed in raft."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"start-failed": "the node did not start"}, ended_by=A_START)


@log_rule(
    "JRN040",
    "start failed in raft",
    Severity.HIGH,
    fault=FaultKind.START_FAILED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/start-failed",),
)
def start_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A text behind `raft_start():`, `raft_init():`, `raft_bootstrap():` or a product's `Failed to start dqlite
    server` that no other rule knows.
    ## Why it matters
    The node does not start. The text says why, in the library's words.
    ## What to do
    Keep the directory, and compare the text with the forecast of this report.
    ## References
    canonical/dqlite src/server.c; docs/reference/start.md#what-a-start-comes-to
    """
    return findings_of(case, CAUSE)
