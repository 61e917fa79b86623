"""JRN042: the daemon logged its last entry at a shutdown."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import Cause, findings_of

CAUSE = Cause({"last-entry": "at its last shutdown the log ended with term {term}, index {index}"}, lasting=True)


@rule(
    "JRN042",
    "the daemon logged its last entry at a shutdown",
    Severity.INFO,
    fault=FaultKind.SERVICE,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/last-entry",),
    silent_on=("journal/everyday",),
)
def last_entry(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Dqlite last entry` with term and index, which it logs at a shutdown.
    ## Why it matters
    Which member is the most up to date is decided by term first, then by index. This line tells both without the
    directory.
    ## False alarm if
    The node has run since: the line is as old as the shutdown.
    ## What to do
    Compare it over all members before you choose the one to recover from.
    ## References
    canonical/lxd lxd/cluster/gateway.go; docs/reference/raft.md#what-must-hold
    """
    return findings_of(case, CAUSE)
