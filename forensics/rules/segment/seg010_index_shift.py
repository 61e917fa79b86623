"""SEG010: entries of an open segment would get indexes that were not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forensics.facts.log.raft_log import OpenSegment
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SEG010",
    "open segments that shift indexes",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.NODE_DOWN,
    fires_on=("segment/open-shift-damage", "segment/open-shift-missing", "segment/open-shift-zeroed"),
    silent_on=("healthy/killed-111", "healthy/lagging-118", "segment/open-torn-tail"),
)
def index_shift(node: Node) -> Iterator[Finding]:
    """## What it checks
    Where an open segment with entries follows another open segment: that one is used to its end, and no counter is
    missing between the two.
    ## Why it matters
    An open segment's indexes are "whatever comes next". If entries before it are lost, loading numbers its entries too
    low, and this node's log contradicts the others with equal terms. Raft does not notice: the databases of the nodes
    drift apart silently.
    ## False alarm if
    Where files of two points in time were copied together. The directory as it was uploaded is just as unusable then.
    Where another node's log proves such a copy, CLU030 tells of it instead.
    ## What to do
    Never start this node. Recover from another one, and let this one join again with an empty directory.
    ## References
    canonical/dqlite src/raft/uv_segment.c; https://github.com/canonical/raft/issues/199; FACTS 2.6
    """
    for before, after in pairwise(node.log.open):
        if after.segment is None or not len(after.segment) or before.segment is None or after.first is None:
            continue
        if reason := _lost_between(before, after):
            message = f"{reason}, but {after.file.name} holds {len(after.segment)} entries: {_numbering(after)}"
            yield Finding(message, (before.segment.stop_span(), after.segment.header_span(0)))


def _lost_between(before: OpenSegment, after: OpenSegment) -> str:
    if before.segment is None or before.file.cut:
        return ""
    if before.segment.damaged:
        return f"{before.file.name} is damaged from byte {before.segment.stop.offset} on"
    if not len(before.segment):
        return f"{before.file.name} is all zero"
    if after.name.counter != before.name.counter + 1:
        return f"nothing lies between {before.file.name} and {after.file.name}"
    return ""


def _numbering(part: OpenSegment) -> str:
    return f"the next start would number them from {part.first} on, too low"
