"""SHP020: segments are closed early again and again: something stops the process."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.file_statistics import early_closings
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_MANY = 5
_OFTEN_MINUTES = 60.0


@rule(
    "SHP020",
    "segments are closed early again and again",
    Severity.LOW,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/closed-early",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "shape/healthy-listing"),
)
def closed_early(node: Node) -> Iterator[Finding]:
    """## What it checks
    Closed segments well below 8 MiB, by name and size, against the number that snapshots can have closed (one every 384
    entries at the most, or as often as the two newest snapshots tell). `medium` where their times lie less than an hour
    apart.
    ## Why it matters
    Apart from snapshots, a segment is closed early when the process stops, or when a follower drops entries that a new
    leader does not have. Many such segments in a row tell of a service that restarts every few minutes, or of leaders
    that do not stay: look for slow disks, for memory, and for what restarts the service. The log itself may be whole.
    ## False alarm if
    A database that is written little and whose host restarts often. Transactions of many megabytes close segments early
    as well.
    ## What to do
    Read the journal at the times of these files. `systemctl show -p NRestarts` of the service counts restarts.
    ## References
    https://github.com/canonical/microk8s/issues/2285; https://github.com/canonical/microk8s/issues/2367; FACTS 1.5
    """
    found = early_closings(node)
    if found.unexplained < _MANY:
        return
    often = found.minutes is not None and found.minutes < _OFTEN_MINUTES
    pace = f", one every {found.minutes:.0f} minutes" if often else ""
    message = (
        f"{len(found.parts)} of {found.of} closed segments were closed before they were full{pace}: "
        f"at least {found.unexplained} times not by a snapshot, so the process stopped or the leader changed"
    )
    spans = (found.parts[0].file.at, found.parts[-1].file.at)
    yield Finding(message, spans, severity=Severity.MEDIUM if often else None)
