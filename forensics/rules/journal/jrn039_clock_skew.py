"""JRN039: members' clocks differ."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("clock-skew",)


@rule(
    "JRN039",
    "members' clocks differ",
    Severity.LOW,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/clock-skew",),
    silent_on=("journal/everyday",),
)
def clock_skew(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Time skew detected between leader and local`.
    ## Why it matters
    Raft does not need clocks, but certificates, heartbeats and leases do, and every comparison of file times and
    journals between nodes is off by it.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Repair time synchronisation.
    ## References
    canonical/lxd lxd/cluster/heartbeat.go
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the clocks of members differ"
