"""SEG001: a batch of a closed segment does not hold what its checksums promise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.segment import Segment, StopReason
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.damage_words import BAD_BATCH, Explanation, explanation_of
from forensics.rules.start_words import NextStart, weigh
from forensics.wording import Words, entries, segment, sentences


@dataclass(frozen=True, slots=True)
class CorruptBatch:
    """The first batch of a segment that cannot be read.

    Attributes:
        file: name of the segment.
        reason: what is wrong with the batch.
        batch: its number in the file, from 1.
        offset: where it begins, in bytes.
        first_index, last_index: what the file's name promises.
        readable: how many entries lie before the batch.
        next_start: what the next start makes of it.
        explanation: what the damage looks like.
    """

    kind: ClassVar[str] = "corrupt-batch"
    file: str
    reason: StopReason
    batch: int
    offset: int
    first_index: int
    last_index: int
    readable: int
    next_start: NextStart
    explanation: Explanation

    def words(self, _: Severity) -> Words:
        """See Problem."""
        unread = entries(self.first_index + self.readable, self.last_index)
        return Words(
            f"{segment(self.file)} is damaged: {BAD_BATCH[self.reason]}",
            sentences(
                f"Reading stops at byte {self.offset} (batch {self.batch}), so {unread} of this file cannot be used.",
                self.next_start.words(self.first_index),
                self.explanation.words(),
            ),
        )


@rule(
    "SEG001",
    "closed segment with a corrupt batch",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/flipped-bit-last", "segment/flipped-bit-middle", "segment/zero-tail", "sosreport/flipped-bit"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def corrupt_batch(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every batch of every closed segment: format word, entry count, both checksums and entry types; and that the file
    ends where its last batch ends.
    ## Why it matters
    Loading stops at the first bad batch. If the segment is the last closed one, dqlite with raft 0.14 or later moves
    it away together with everything behind it, and starts without those entries. If other segments follow, the node
    does not start. A segment that loading does not read does no harm.
    ## False alarm if
    The copy was damaged, not the disk. Both look the same here: compare the file's digest with the one on the node.
    ## What to do
    Do not start the node, and keep its directory. See in the plan whether another node has the lost entries.
    ## References
    canonical/dqlite src/raft/uv_segment.c; https://github.com/canonical/raft/issues/192;
    docs/reference/start.md#loading-segments; docs/reference/start.md#self-repair
    """
    for closed in node.log.closed:
        found = closed.segment
        if found is None or closed.file.cut or found.stop.reason not in BAD_BATCH:
            continue
        weight = weigh(node, closed, repairable=found.stop.reason is not StopReason.ENTRY_TYPE)
        explanation = explanation_of(node.log, found.path)
        yield Finding(
            _problem(closed, found, weight.next_start, explanation),
            (found.stop_span(), *explanation.spans),
            weight.severity,
            effect=weight.effect,
            where=(closed.file.name,),
        )


def _problem(closed: ClosedSegment, found: Segment, next_start: NextStart, explanation: Explanation) -> CorruptBatch:
    stop = found.stop
    return CorruptBatch(
        closed.file.name,
        stop.reason,
        stop.batch,
        stop.offset,
        closed.first,
        closed.last,
        len(found),
        next_start,
        explanation,
    )
