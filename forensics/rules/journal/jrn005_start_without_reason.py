"""JRN005: start failed, and the library gave no reason."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "segment-no-reason": "the start failed at {file}, and no reason was given",
        "start-no-reason": (
            "the start failed with error code {error_code}, and no reason was given",
            "the start failed, and no reason was given",
        ),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN005",
    "start failed, and the library gave no reason",
    Severity.MEDIUM,
    fault=FaultKind.START_FAILED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/start-without-reason",),
)
def start_without_reason(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Errors of raft or dqlite that end without a text, or in a number only: `raft_start():`, `load closed segment
    …:`, `run failed with 13`, `failed to start task`.
    ## Why it matters
    Old versions give no text, and neither do errors that come while the snapshot is loaded into SQLite. Known
    causes, most frequent first: a gap between segments; a damaged or short last segment (`load closed segment X:`
    names the file); a snapshot that SQLite cannot load, because it is damaged or its database is near 1 GiB; a
    configuration entry that cannot be decoded.
    ## What to do
    Collect the directory itself, or at least `ls -la` of it, and analyse that. Start nothing until then. The log
    alone cannot tell which cause it is; the directory can.
    ## References
    docs/reference/start.md#order-of-events; docs/reference/start.md#the-newest-snapshot;
    https://github.com/canonical/dqlite/issues/190; https://github.com/canonical/microk8s/issues/2394
    """
    return findings_of(case, CAUSE)
