"""JRN004: start refused: the log ends before the newest snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "log-behind-snapshot": (
            "the log ends at entry {last_index}, before the newest snapshot at entry {snapshot_index}"
        )
    },
    ended_by=A_START,
)


@log_rule(
    "JRN004",
    "start refused: the log ends before the newest snapshot",
    Severity.HIGH,
    fault=FaultKind.LOG_INCOMPLETE,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/log-behind-snapshot",),
)
def log_behind_snapshot(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    raft's `last entry on disk has index A, which is behind last snapshot's index S`.
    ## Why it matters
    raft 0.10.0 to 0.11.1 numbered an open segment from 1, and not from the snapshot on, when no closed segment was
    left (after a snapshot came from the leader). The segment then has wrong indexes in its name.
    ## What to do
    Keep the directory. The content of the segment with the wrong name belongs behind the snapshot, or is older than
    it. If a majority of the cluster is healthy, move the segment away and let the node catch up. Upgrade.
    ## References
    https://github.com/canonical/raft/issues/199; https://github.com/canonical/raft/pull/218;
    docs/reference/start.md#after-loading
    """
    return findings_of(case, CAUSE)
