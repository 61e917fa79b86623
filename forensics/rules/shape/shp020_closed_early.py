"""SHP020: segments are closed early again and again: something stops the process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.file_statistics import early_closings
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, count, duration, sentences

_MANY = 5
_OFTEN_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class ClosedEarly:
    """Segments that were closed before they were full.

    Attributes:
        early: how many.
        segments: all closed segments whose sizes are known.
        unexplained: so many more than snapshots can have closed.
        seconds_between: two closings on average, where that is less than an hour; else None.
    """

    kind: ClassVar[str] = "closed-early"
    early: int
    segments: int
    unexplained: int
    seconds_between: int | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        often = self.seconds_between is not None
        pace = f"One was closed every {duration(self.seconds_between)}." if self.seconds_between is not None else ""
        return Words(
            f"{self.early} of {count(self.segments, 'closed segment')} were closed before they were full",
            sentences(
                pace,
                f"Snapshots do not explain at least {self.unexplained} of them: the process stopped, or the leader "
                "changed.",
            ),
            "Find out in the journal why the service stops: look at the times of these files." if often else None,
        )


@rule(
    "SHP020",
    "segments are closed early again and again",
    Severity.LOW,
    fault=FaultKind.PERFORMANCE,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.ATTENTION,
    fires_on=("shape/closed-early",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "shape/healthy-listing"),
)
def closed_early(node: Node) -> Iterator[Finding]:
    """## What it checks
    How many closed segments are well below 8 MiB, by name and size, against the number that snapshots can have closed:
    one every 384 entries at the most, or as often as the two newest snapshots tell.
    ## Why it matters
    Apart from snapshots, a segment is closed early when the process stops, or when a follower drops entries that a new
    leader does not have. Many such segments in a row tell of a service that restarts every few minutes, or of leaders
    that do not stay. The log itself may be intact. If the times of the files lie less than an hour apart, it is the
    more serious case.
    ## False alarm if
    Little is written and the host restarts often. Transactions of many megabytes close segments early as well.
    ## What to do
    Read the journal at the times of these files: look for slow disks, for memory, and for what restarts the service.
    `systemctl show -p NRestarts` of the service counts the restarts.
    ## References
    https://github.com/canonical/microk8s/issues/2285; https://github.com/canonical/microk8s/issues/2367;
    docs/reference/segments.md#closed-segments
    """
    found = early_closings(node)
    if found.unexplained < _MANY:
        return
    often = found.minutes is not None and found.minutes < _OFTEN_MINUTES
    between = round(found.minutes * 60) if often and found.minutes is not None else None
    problem = ClosedEarly(len(found.parts), found.of, found.unexplained, between)
    spans = (found.parts[0].file.at, found.parts[-1].file.at)
    yield Finding(problem, spans, Severity.MEDIUM if often else None)
