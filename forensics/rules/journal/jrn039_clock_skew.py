"""JRN039: members' clocks differ."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"clock-skew": "the clocks of members differ"})


@log_rule(
    "JRN039",
    "members' clocks differ",
    Severity.LOW,
    fault=FaultKind.CLOCK,
    effect=Effect.ATTENTION,
    fires_on=("journal/clock-skew",),
)
def clock_skew(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Time skew detected between leader and local`.
    ## Why it matters
    Raft does not need clocks. Certificates, heartbeats and leases do, and every comparison of file times and logs
    between nodes is wrong by the difference.
    ## What to do
    Repair the time synchronisation.
    ## References
    canonical/lxd lxd/cluster/heartbeat.go
    """
    return findings_of(case, CAUSE)
