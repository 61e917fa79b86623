"""SEG011: an open segment that does not begin like one."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.parsers.segment import StopReason
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.damage_words import explained


@rule(
    "SEG011",
    "open segment of unknown format",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    fires_on=("segment/open-format",),
    silent_on=("healthy/killed-111", "healthy/lagging-118"),
)
def open_format(node: Node) -> Iterator[Finding]:
    """## What it checks
    The first eight bytes of an open segment: 1, or everything zero where it is not used yet.
    ## Why it matters
    Loading says `unexpected format version`; raft 0.14 and later set the segment aside together with all open segments
    behind it and start without their entries, older ones do not start.
    ## False alarm if
    Format 2 is that of test builds (DQLITE_NEXT), and passes here.
    ## What to do
    Do not start the node before the file is saved. Recover from a node that has the entries.
    ## References
    canonical/dqlite src/raft/uv_segment.c; FACTS 1.9, 2.6, 2.7
    """
    for part in node.log.open:
        if part.segment is None or part.file.cut or part.segment.stop.reason is not StopReason.FORMAT:
            continue
        behind = sum(other.name.counter > part.name.counter for other in node.log.open)
        words, flipped = explained(node, part.segment.path)
        message = (
            f"{part.file.name} begins with {part.segment.stop.stored} where the format 1 should be: "
            f"set aside at the next start, with {behind} open segments behind it{words}"
        )
        yield Finding(message, (part.file.blob.span(0, 8) if part.file.blob else part.file.at, *flipped))
