"""SEG001: a batch of a closed segment does not hold what its checksums promise."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.parsers.segment import StopReason
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.explained import explained
from forensics.rules.loading import weigh

_WORDS = {
    StopReason.HEADER_CHECKSUM: "a header checksum that does not match (stored {stored:08x}, computed {computed:08x})",
    StopReason.DATA_CHECKSUM: "a data checksum that does not match (stored {stored:08x}, computed {computed:08x})",
    StopReason.COUNT_ZERO: "a count of zero entries with other bytes behind it",
    StopReason.COUNT_HIGH: "a count of {stored} entries",
    StopReason.ENTRY_TYPE: "an entry of unknown type",
    StopReason.ZEROS: "zero bytes to the end of the file",
    StopReason.FORMAT: "no batch can be read: the format word is {stored}",
}


@rule(
    "SEG001",
    "closed segment with a corrupt batch",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/flipped-bit-last", "segment/flipped-bit-middle", "segment/zero-tail", "sosreport/flipped-bit"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def corrupt_batch(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every batch of every closed segment: format word, entry count, both checksums, entry types; and that the file
    ends with its last batch.
    ## Why it matters
    Loading stops at the first bad batch. Where it is the last closed segment, versions since raft 0.14 set it aside
    with everything behind it and start without those entries; anywhere else the node does not start. Below the
    segments that loading reads, it harms nothing.
    ## When it is wrong
    A file that was damaged by the copy looks the same as one that was damaged on disk: compare the digests with the
    node's.
    ## What to do
    Do not start the node, and keep the directory. Recover from the node with the highest last term and index; this
    node can join again with an empty directory once the others have a leader.
    ## References
    canonical/dqlite src/raft/uv_segment.c; https://github.com/canonical/raft/issues/192; FACTS 2.6, 2.7
    """
    for part in node.log.closed:
        if part.segment is None or part.file.cut or part.segment.stop.reason not in _WORDS:
            continue
        stop = part.segment.stop
        what = _WORDS[stop.reason].format(stored=stop.stored, computed=stop.computed)
        words, flipped = explained(node, part.segment.path)
        weight = weigh(node, part, repairable=stop.reason is not StopReason.ENTRY_TYPE)
        yield Finding(
            f"{part.file.name}: batch {stop.batch} at byte {stop.offset} has {what}; "
            f"{len(part.segment)} of {part.last - part.first + 1} entries can be read; {weight.words}{words}",
            (part.segment.stop_span(), *flipped),
            weight.severity,
            effect=weight.effect,
        )
