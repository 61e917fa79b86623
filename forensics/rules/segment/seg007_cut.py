"""SEG007: a closed segment ends inside a batch, or before its first one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.on_disk import FORMAT_BYTES, PREAMBLE_BYTES
from forensics.parsers.segment import Segment, StopReason
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.damage_words import CUTS, cut_words
from forensics.rules.start_words import NextStart, weigh
from forensics.wording import Words, count, segment, size

_ENTRY_BYTES_MIN = 24  # 16 of header and, for the smallest entry that dqlite writes, 8 of payload
_FRAME_BYTES = FORMAT_BYTES + PREAMBLE_BYTES


@dataclass(frozen=True, slots=True)
class CutShort:
    """A closed segment that ends inside something.

    Attributes:
        file: its name.
        reason: what it ends inside.
        batch: number of the batch that is cut, from 1.
        there, needed: bytes of that part which are there, and which it takes.
        readable, promised: how many entries can be read, and how many the name promises.
        first_index: the first entry, by the name.
        next_start: what the next start makes of it.
    """

    kind: ClassVar[str] = "cut-short"
    file: str
    reason: StopReason
    batch: int
    there: int
    needed: int
    readable: int
    promised: int
    first_index: int
    next_start: NextStart

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} is cut short: it ends inside {cut_words(self.reason)}",
            (
                f"Of {cut_words(self.reason, self.batch)}, {self.there} of {self.needed} bytes are there.",
                f"{self.readable} of its {count(self.promised, 'entry')} can be read.",
                self.next_start.words(self.first_index),
            ),
        )


@dataclass(frozen=True, slots=True)
class TooSmall:
    """A closed segment, known by name and size, that is too small for its entries.

    Attributes:
        file: its name.
        bytes_most, bytes_needed: how large it is at most, and has to be at least.
        promised: how many entries the name promises.
        first_index: the first of them.
        next_start: what the next start makes of it.
    """

    kind: ClassVar[str] = "too-small"
    file: str
    bytes_most: int
    bytes_needed: int
    promised: int
    first_index: int
    next_start: NextStart

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} is too small for the {count(self.promised, 'entry')} that its name promises",
            (
                f"It has {size(self.bytes_most)} at most, but needs {size(self.bytes_needed)} at least.",
                self.next_start.words(self.first_index),
            ),
        )


@rule(
    "SEG007",
    "closed segment that ends too early",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/cut", "segment/cut-in-format"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "segment/one-entry-short"),
)
def cut(node: Node) -> Iterator[Finding]:
    """## What it checks
    A closed segment ends with a whole batch. In a listing: it is not smaller than the entries in its name need (at
    least 24 bytes an entry, and 24 for the file).
    ## Why it matters
    Raft cuts a segment to its used length before it renames it, so a crash of dqlite alone never causes this: the file
    system lost the end, or a copy did. Loading fails with a short read (code 18). Self-repair does not act on that, not
    even for the last segment.
    ## False alarm if
    The upload was cut off. The report lists the files that are known to be cut, and this rule passes over them.
    ## What to do
    Compare size and digest with the file on the host. If it is short there too, let this node come back once the others
    have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_segment.c; docs/reference/start.md#loading-segments
    """
    for part in node.log.closed:
        if part.file.cut or part.first > part.last:
            continue
        if part.segment is None:
            yield from _by_size(node, part)
        elif part.segment.stop.reason in CUTS:
            yield _by_content(node, part, part.segment)


def _by_content(node: Node, part: ClosedSegment, found: Segment) -> Finding:
    stop, name = found.stop, part.file.name
    weight = weigh(node, part, repairable=False)
    promised = part.last - part.first + 1
    problem = CutShort(
        name,
        stop.reason,
        stop.batch,
        stop.stored,
        stop.computed,
        len(found),
        promised,
        part.first,
        weight.next_start,
    )
    return Finding(problem, (found.stop_span(),), weight.severity, effect=weight.effect, where=(name,))


def _by_size(node: Node, part: ClosedSegment) -> Iterator[Finding]:
    promised = part.last - part.first + 1
    needed = _FRAME_BYTES + _ENTRY_BYTES_MIN * promised
    if 0 < part.file.size_max < needed:
        weight = weigh(node, part, repairable=False)
        problem = TooSmall(part.file.name, part.file.size_max, needed, promised, part.first, weight.next_start)
        yield Finding(problem, (part.file.at,), weight.severity, effect=weight.effect, where=(part.file.name,))
