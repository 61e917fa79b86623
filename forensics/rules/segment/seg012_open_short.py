"""SEG012: an open segment that is shorter than what it holds, or than any segment."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.raft_log import OpenSegment
from forensics.facts.node.node import Node
from forensics.parsers.segment import Segment, StopReason
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_SHORT = (StopReason.SHORT_PREAMBLE, StopReason.SHORT_HEADER, StopReason.SHORT_DATA)


@rule(
    "SEG012",
    "open segment that ends too early",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/open-cut", "segment/open-few-bytes", "segment/open-empty"),
    silent_on=("healthy/killed-111", "healthy/lagging-118"),
)
def open_short(node: Node) -> Iterator[Finding]:
    """## What it checks
    An open segment (preallocated to 8 MiB) is at least as long as its last batch claims; from a listing: it has no
    bytes, or at least 8.
    ## Why it matters
    Loading meets the end of the file inside a batch: an error without repair (code 18) where it is the first batch,
    and a crash of the process (a double free) where good batches came before. One to seven bytes are an error too. No
    bytes at all is how a crash during preallocation looks: such a file is deleted at start, and harmless.
    ## False alarm if
    An upload that was cut off; the report lists such members apart, and this rule passes over them.
    ## What to do
    Compare the size with the file on the host. If it is short there too, recover from another node.
    ## References
    canonical/dqlite src/raft/uv_segment.c; FACTS 2.6
    """
    for part in node.log.open:
        if part.file.cut:
            continue
        if part.file.size_max == 0:
            message = f"{part.file.name} is empty: a preallocation that was interrupted, deleted at the next start"
            yield Finding(message, (part.file.at,), Severity.INFO, effect=Effect.NONE)
        elif part.file.size_max < 8:
            message = f"{part.file.name} has only {part.file.size_max} bytes: the node does not start"
            yield Finding(message, (part.file.at,))
        elif part.segment is not None and part.segment.stop.reason in _SHORT:
            yield _short(part, part.segment)


def _short(part: OpenSegment, segment: Segment) -> Finding:
    stop = segment.stop
    outcome = "the node crashes at start" if len(segment) else "the node does not start"
    message = (
        f"{part.file.name} ends at byte {segment.size}, inside batch {stop.batch} that begins at byte {stop.offset}: "
        f"{stop.stored} of {stop.computed} bytes are there; {outcome}"
    )
    return Finding(message, (segment.stop_span(),))
