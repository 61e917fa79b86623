"""STR002: starting loses entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.torn_copy import half_written
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.forecast.losses import Loss
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NoForecast
from forensics.forecast.words import loss_words, no_forecast_words, span
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class DroppedEntries:
    """Entries that stop being part of the log when the node starts; `loss` tells which, and why."""

    kind: ClassVar[str] = "dropped-entries"
    loss: Loss

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"starting drops {span(self.loss)}", (f"This is because {loss_words(self.loss)}.",))


@rule(
    "STR002",
    "starting loses entries",
    Severity.CRITICAL,
    fault=FaultKind.START_FAILED,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("segment/flipped-bit-last",),
    silent_on=("healthy/killed-111",),
)
def loses_entries(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The forecast: which entries stop being part of the log when dqlite starts on this directory, by its own repairs.
    ## Why it matters
    This is worse than a node that refuses to start: it starts, says nothing, and goes on without these entries. A
    single node loses data this way. In a cluster, the node votes with a log that is shorter than what it once
    acknowledged.
    ## False alarm if
    Only the last write of a killed process is dropped: it often ends in the middle, and was never acknowledged. Then
    the finding is info, for nothing is to be done.
    ## What to do
    Do not start the node on the only copy. Compare with the other nodes: entries that one of them holds can be had
    from there. A damaged batch can sometimes be repaired (see the findings about the segment).
    ## References
    canonical/raft src/uv_segment.c (uvRecoverFromCorruptSegment, uvSegmentLoadOpen);
    docs/reference/start.md#loading-segments; docs/reference/start.md#self-repair
    """
    made = node.forecast
    if isinstance(made, NoForecast):
        yield NotChecked(no_forecast_words(made), f"no-forecast-{made.missing}", (node.name,))
        return
    if made.said.outcome is not Outcome.STARTS:
        return
    for loss in made.said.lost:
        harmless = loss.torn or loss.file in half_written(node)
        severity, effect = (Severity.INFO, Effect.NONE) if harmless else (None, None)
        file = node.state.files.get(loss.file) or next(iter(node.state.files.values()))
        yield Finding(DroppedEntries(loss), (file.at,), severity, effect=effect, where=(loss.file,))
