"""SEG009: an open segment stops being readable before its unused rest."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.raft_log import OpenSegment
from forensics.facts.node.node import Node
from forensics.parsers.salvage import salvage
from forensics.parsers.segment import Segment, StopReason
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.damage_words import explained

_CORRUPT = {
    StopReason.HEADER_CHECKSUM: "a header checksum that does not match",
    StopReason.DATA_CHECKSUM: "a data checksum that does not match",
    StopReason.COUNT_ZERO: "a count of zero entries with other bytes behind it",
    StopReason.COUNT_HIGH: "a count that is too high",
}


@rule(
    "SEG009",
    "open segment with a bad batch",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    fires_on=("segment/open-torn-tail", "segment/open-damaged-middle", "segment/open-entry-type"),
    silent_on=("healthy/killed-111", "healthy/running-111"),
)
def open_damaged(node: Node) -> Iterator[Finding]:
    """## What it checks
    The batches of every open segment up to the zero bytes of its unused rest; and whether sound batches follow a bad
    one.
    ## Why it matters
    Loading truncates an open segment at its first bad batch and drops the rest without any message. At the end of the
    log that is how a write looks that a power cut interrupted: its entries were never acknowledged. With sound batches
    behind it, acknowledged entries are lost silently. An unknown entry type aborts the start instead.
    ## False alarm if
    A file that was copied while the node wrote can end in a half-written batch; that is the low case.
    ## What to do
    Low: nothing. Otherwise do not start this node: its log would be shorter than what it acknowledged. Recover from a
    node that has these entries.
    ## References
    canonical/dqlite src/raft/uv_segment.c (uvSegmentLoadOpen); FACTS 2.6
    """
    for part in node.log.open:
        segment = part.segment
        if segment is None or part.file.cut:
            continue
        stop = segment.stop
        place = f"{part.file.name}: batch {stop.batch} at byte {stop.offset}"
        if stop.reason is StopReason.ENTRY_TYPE:
            message = f"{place} holds an entry of unknown type: the start aborts"
            yield Finding(message, (segment.stop_span(),), Severity.CRITICAL, effect=Effect.NODE_DOWN)
        elif stop.reason in _CORRUPT:
            yield _corrupt(node, part, segment, f"{place} has {_CORRUPT[stop.reason]}")


def _corrupt(node: Node, part: OpenSegment, segment: Segment, told: str) -> Finding:
    data = part.file.blob.read() if part.file.blob is not None else b""
    following = next((part.good.batches[0] for part in salvage(data, segment) if len(part.good)), None)
    span = segment.stop_span()
    if following is None:
        message = f"{told}, and nothing sound behind it: an interrupted write, dropped at the next start"
        return Finding(message, (span,), Severity.LOW, effect=Effect.NONE)
    more = f"the next start silently drops it and the batches behind it, from byte {following} on"
    words, flipped = explained(node, segment.path)
    return Finding(f"{told}, and sound batches behind it: {more}{words}", (span, *flipped))
