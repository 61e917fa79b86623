"""SEG009: an open segment stops being readable before its unused rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.torn_copy import half_written
from forensics.facts.log.raft_log import OpenSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.salvage import salvage
from forensics.parsers.segment import Segment, StopReason
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.damage_words import BAD_BATCH, Explanation, explanation_of
from forensics.wording import Words, segment, sentences

_CORRUPT = frozenset(
    {StopReason.HEADER_CHECKSUM, StopReason.DATA_CHECKSUM, StopReason.COUNT_ZERO, StopReason.COUNT_HIGH}
)


@dataclass(frozen=True, slots=True)
class UnknownType:
    """A batch of an open segment with an entry that raft does not know.

    Attributes:
        file: name of the segment.
        batch: number of the batch in the file, from 1.
        offset: where it begins, in bytes.
    """

    kind: ClassVar[str] = "unknown-entry-type"
    file: str
    batch: int
    offset: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} is damaged: {BAD_BATCH[StopReason.ENTRY_TYPE]}",
            (f"Reading stops at byte {self.offset} (batch {self.batch}).", "The start aborts there."),
        )


@dataclass(frozen=True, slots=True)
class InterruptedWrite:
    """A bad batch with nothing sound behind it.

    Attributes:
        file: name of the segment.
        reason: what is wrong with the batch.
        batch: its number in the file, from 1.
        offset: where it begins, in bytes.
    """

    kind: ClassVar[str] = "interrupted-write"
    file: str
    reason: StopReason
    batch: int
    offset: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} ends with an interrupted write",
            (
                f"Reading stops at byte {self.offset} (batch {self.batch}): {BAD_BATCH[self.reason]}.",
                "Nothing sound follows. The next start drops this batch; its entries were never acknowledged.",
            ),
        )


@dataclass(frozen=True, slots=True)
class LostBatches:
    """A bad batch with sound ones behind it, which the next start drops too.

    Attributes:
        file: name of the segment.
        reason: what is wrong with the bad batch.
        batch: its number in the file, from 1.
        offset: where it begins, in bytes.
        resumes_at: where the first sound batch behind it begins, in bytes.
        explanation: what the damage looks like.
    """

    kind: ClassVar[str] = "lost-batches"
    file: str
    reason: StopReason
    batch: int
    offset: int
    resumes_at: int
    explanation: Explanation

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} is damaged: {BAD_BATCH[self.reason]}",
            sentences(
                f"Reading stops at byte {self.offset} (batch {self.batch}), but sound batches follow from byte "
                f"{self.resumes_at} on.",
                "The next start drops all of them without a message.",
                self.explanation.words(),
            ),
        )


@dataclass(frozen=True, slots=True)
class WrittenWhileCopied:
    """A bad batch with sound ones behind it, in a file that was written to between the collector's two looks.

    Attributes:
        file: name of the segment.
        batch: number of the bad batch in the copy, from 1.
        offset: where it begins, in bytes.
    """

    kind: ClassVar[str] = "written-while-copied"
    file: str
    batch: int
    offset: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} was written while it was copied",
            (
                f"Its copy is whole up to byte {self.offset} (batch {self.batch}), and of two moments behind that.",
                "It says nothing against the file on the node.",
            ),
            "Copy the directory again, if possible with the node stopped.",
        )


@rule(
    "SEG009",
    "open segment with a bad batch",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
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
    Loading cuts an open segment at its first bad batch and drops the rest without any message. Where sound batches
    follow, acknowledged entries are lost silently. An entry of unknown type aborts the start instead.
    ## False alarm if
    The copy was made while the node was writing: the last batch can be half written. Where a collector looked twice,
    and the file changed in between, the finding is low and says so. A bad batch at the very end is what a power cut
    leaves of a write: its entries were never acknowledged. Nothing is to be done, and the finding is info.
    ## What to do
    Do not start this node: its log would become shorter than what it acknowledged. Start the nodes that
    have these entries first. Let this node come back once they have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_segment.c (uvSegmentLoadOpen); docs/reference/start.md#loading-segments
    """
    for part in node.log.open:
        found = part.segment
        if found is None or part.file.cut:
            continue
        stop, name = found.stop, part.file.name
        if stop.reason is StopReason.ENTRY_TYPE:
            problem = UnknownType(name, stop.batch, stop.offset)
            yield Finding(problem, (found.stop_span(),), effect=Effect.NODE_DOWN, where=(name,))
        elif stop.reason in _CORRUPT:
            yield _corrupt(node, part, found)


def _corrupt(node: Node, part: OpenSegment, found: Segment) -> Finding:
    data = part.file.blob.read() if part.file.blob is not None else b""
    resumes_at = next((salvaged.good.batches[0] for salvaged in salvage(data, found) if len(salvaged.good)), None)
    stop, span, name = found.stop, found.stop_span(), part.file.name
    if resumes_at is None:
        problem = InterruptedWrite(name, stop.reason, stop.batch, stop.offset)
        return Finding(problem, (span,), Severity.INFO, effect=Effect.NONE, where=(name,))
    if name in half_written(node):
        written = WrittenWhileCopied(name, stop.batch, stop.offset)
        return Finding(written, (span,), Severity.LOW, effect=Effect.NONE, where=(name,))
    explanation = explanation_of(node.log, found.path)
    lost = LostBatches(name, stop.reason, stop.batch, stop.offset, resumes_at, explanation)
    return Finding(lost, (span, *explanation.spans), where=(name,))
