"""STR002: starting loses entries."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.forecast.losses import Loss
from forensics.forecast.of_node import forecast_of
from forensics.forecast.words import loss_words, span
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "STR002",
    "starting loses entries",
    Severity.CRITICAL,
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
    Worse than a node that refuses: it starts, says nothing, and goes on without these entries. A single node so loses
    data; in a cluster the node votes with a log that is shorter than what it once acknowledged.
    ## False alarm if
    The last write of a killed process often ends in the middle: it was never acknowledged. Where only such a write is
    dropped, the finding is `low`.
    ## What to do
    Do not start the node on the only copy. Compare with the other nodes: entries that one of them holds can be had
    from there. A damaged batch can sometimes be repaired (see the segment's findings).
    ## References
    canonical/raft src/uv_segment.c (uvRecoverFromCorruptSegment, uvSegmentLoadOpen); FACTS 2.6, 2.7
    """
    made = forecast_of(node)
    if isinstance(made, str):
        yield NotChecked(made)
        return
    if made.said.outcome != "starts":
        return
    for lost in made.said.lost:
        severity, effect = (Severity.LOW, Effect.NONE) if lost.torn else (None, None)
        yield Finding(
            f"starting drops {span(lost)}, because {loss_words(lost)}", _where(node, lost), severity, effect=effect
        )


def _where(node: Node, lost: Loss) -> tuple[Span, ...]:
    """The file that holds the entries."""
    file = node.state.files.get(lost.file) or next(iter(node.state.files.values()))
    return (file.at,)
