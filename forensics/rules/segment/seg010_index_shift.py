"""SEG010: entries of an open segment would get indexes that were not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import ClassVar

from forensics.facts.cluster.repeated import copied_open
from forensics.facts.log.raft_log import OpenSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, count, segment


class Lost(Enum):
    """Why entries are lost before an open segment."""

    DAMAGED = "damaged"  # the open segment before it stops being readable
    ZERO = "zero"  # the one before it holds nothing, and still comes first
    MISSING = "missing"  # one between the two is gone


@dataclass(frozen=True, slots=True)
class IndexShift:
    """An open segment whose entries the next start numbers too low.

    Attributes:
        before, after: names of two neighbouring open segments; `after` is the one that is numbered too low.
        lost: what is wrong before it.
        offset: where `before` stops being readable, in bytes.
        held: how many entries `after` holds.
        numbered_from: the index that its first entry would get.
    """

    kind: ClassVar[str] = "index-shift"
    before: str
    after: str
    lost: Lost
    offset: int
    held: int
    numbered_from: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        why = _WHY[self.lost].format(before=segment(self.before), after=segment(self.after), offset=self.offset)
        return Words(
            f"the next start would give {segment(self.after)} wrong indexes",
            (
                f"It holds {count(self.held, 'entry')}, but entries before them are lost: {why}.",
                f"The next start would number them from {self.numbered_from} on, which is too low.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Repeated:
    """An open segment whose entries another one begins with: names of both, and how many entries it holds."""

    kind: ClassVar[str] = "repeated-entries"
    copy: str
    of: str
    held: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the next start would count the entries of {segment(self.copy)} a second time",
            (
                f"Its {count(self.held, 'entry')} are those that {segment(self.of)} begins with.",
                "Such a copy remains where a directory is synchronized twice and nothing is deleted.",
            ),
        )


_WHY = {
    Lost.DAMAGED: "{before} is damaged from byte {offset} on",
    Lost.ZERO: "{before} is all zero",
    Lost.MISSING: "an open segment between {before} and {after} is missing",
}


@rule(
    "SEG010",
    "open segments that shift indexes",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.NODE_DOWN,
    fires_on=(
        "segment/open-repeated",
        "segment/open-shift-damage",
        "segment/open-shift-missing",
        "segment/open-shift-zeroed",
    ),
    silent_on=("healthy/killed-111", "healthy/lagging-118", "segment/open-torn-tail", "segment/renamed-open"),
)
def index_shift(node: Node) -> Iterator[Finding]:
    """## What it checks
    Where an open segment with entries follows another open segment: the first of them is used to its end, and no
    counter is missing between the two. Where the entries begin with the founder's, or another node's log has them at
    the indexes that loading gives them, nothing is lost: a file was renamed. And where an open segment holds, entry for
    entry, what another segment begins with.
    ## Why it matters
    The entries of an open segment get whatever indexes come next. If entries before them are lost, loading numbers them
    too low, and this node's log contradicts the others at equal terms. Raft does not notice: the databases of the nodes
    drift apart silently.
    ## False alarm if
    Files of two points in time were copied together. The directory as it was uploaded is just as unusable then. Where
    another node's log proves such a copy, CLU030 reports it instead.
    ## What to do
    Never start this node with this directory. The report's first steps say how it comes back.
    ## References
    canonical/dqlite src/raft/uv_segment.c; https://github.com/canonical/raft/issues/199;
    docs/reference/start.md#loading-segments
    """
    copies = {copy.file.name for copy, _ in copied_open(node.log)}
    yield from _repeated(node)
    numbered = node.log.open[0].first if node.log.open else None
    for before, after in pairwise(node.log.open):
        if before.segment is None or after.segment is None or after.torn or numbered is None:
            return
        numbered += len(before.segment)  # loading counts what it reads
        if (after.confirmed and after.first == numbered) or after.file.name in copies:
            continue
        if len(after.segment) and (lost := _lost_between(before, after, cut=node.names_cut)) is not None:
            names, offset = (before.file.name, after.file.name), before.segment.stop.offset
            problem = IndexShift(*names, lost, offset, len(after.segment), numbered)
            spans = (before.segment.stop_span(), after.segment.header_span(0))
            yield Finding(problem, spans, where=(after.file.name,))


def _repeated(node: Node) -> Iterator[Finding]:
    for copy, of in copied_open(node.log):
        if copy.segment is not None and of.segment is not None:
            problem = Repeated(copy.file.name, of.file.name, len(copy.segment))
            spans = (copy.segment.header_span(0), of.segment.header_span(0))
            yield Finding(problem, spans, where=(copy.file.name,))


def _lost_between(before: OpenSegment, after: OpenSegment, *, cut: bool) -> Lost | None:
    if before.segment is None or before.file.cut:
        return None
    if before.segment.damaged:
        return Lost.DAMAGED
    if not len(before.segment):
        return Lost.ZERO
    return Lost.MISSING if after.name.counter != before.name.counter + 1 and not cut else None
