"""SEG012: an open segment that is shorter than what it holds, or than any segment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.log.raft_log import OpenSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.on_disk import FORMAT_BYTES
from forensics.parsers.segment import Segment, StopReason
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.damage_words import CUTS, cut_words
from forensics.wording import Words, segment, size


@dataclass(frozen=True, slots=True)
class EmptyOpen:
    """An open segment of no bytes. `file` is its name."""

    kind: ClassVar[str] = "empty"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = "Its preallocation was interrupted. The next start deletes it."
        return Words(f"{segment(self.file)} is empty", (told,))


@dataclass(frozen=True, slots=True)
class FewBytes:
    """An open segment that is too small for its format word: `file` is its name, `bytes_most` its size at most."""

    kind: ClassVar[str] = "few-bytes"
    file: str
    bytes_most: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        told = f"{segment(self.file)} has only {size(self.bytes_most)}"
        return Words(told, (f"A segment has at least {FORMAT_BYTES} bytes, so the node does not start.",))


@dataclass(frozen=True, slots=True)
class CutOpen:
    """An open segment that ends inside a batch.

    Attributes:
        file: its name.
        reason: what it ends inside.
        batch: number of the batch that is cut, from 1.
        offset: where that begins, in bytes.
        there, needed: bytes of that part which are there, and which it takes.
        crashes: sound batches come before it, so that the start crashes instead of failing.
    """

    kind: ClassVar[str] = "cut-short"
    file: str
    reason: StopReason
    batch: int
    offset: int
    there: int
    needed: int
    crashes: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} is cut short: it ends inside {cut_words(self.reason)}",
            (
                f"Batch {self.batch} begins at byte {self.offset}.",
                f"Of {cut_words(self.reason, self.batch)}, {self.there} of {self.needed} bytes are there.",
                "The node crashes at start." if self.crashes else "The node does not start.",
            ),
        )


@rule(
    "SEG012",
    "open segment that ends too early",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/open-cut", "segment/open-few-bytes", "segment/open-empty"),
    silent_on=("healthy/killed-111", "healthy/lagging-118"),
)
def open_short(node: Node) -> Iterator[Finding]:
    """## What it checks
    An open segment (preallocated to 8 MiB) is at least as long as its last batch claims. In a listing: it has no bytes,
    or at least 8.
    ## Why it matters
    Loading meets the end of the file inside a batch. If it is the first batch, that is an error without repair (code
    18); if sound batches come before it, the process crashes (a double free). One to seven bytes are an error too. No
    bytes at all are what a crash during the preallocation leaves: the next start deletes such a file, and it does no
    harm.
    ## False alarm if
    The upload was cut off. The report lists the files that are known to be cut, and this rule passes over them.
    ## What to do
    Compare the size with the file on the host. If it is short there too, let this node come back once the others have a
    leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_segment.c; docs/reference/start.md#loading-segments
    """
    for part in node.log.open:
        file = part.file
        if file.cut:
            continue
        if file.size_max == 0:
            yield Finding(EmptyOpen(file.name), (file.at,), Severity.INFO, effect=Effect.NONE, where=(file.name,))
        elif file.size_max < FORMAT_BYTES:
            yield Finding(FewBytes(file.name, file.size_max), (file.at,), where=(file.name,))
        elif part.segment is not None and part.segment.stop.reason in CUTS:
            yield _cut(part, part.segment)


def _cut(part: OpenSegment, found: Segment) -> Finding:
    stop, name = found.stop, part.file.name
    problem = CutOpen(name, stop.reason, stop.batch, stop.offset, stop.stored, stop.computed, len(found) > 0)
    return Finding(problem, (found.stop_span(),), where=(name,))
