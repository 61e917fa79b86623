"""SEG006: a closed segment holds fewer or more entries than its name says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.segment import StopReason
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.start_words import NextStart, weigh
from forensics.wording import Words, count, segment


@dataclass(frozen=True, slots=True)
class WrongCount:
    """A closed segment of sound batches that disagrees with its name.

    Attributes:
        file: its name.
        held, promised: how many entries it holds, and how many the name promises.
        first_index: the first entry, by the name.
        next_start: what the next start makes of it.
    """

    kind: ClassVar[str] = "wrong-count"
    file: str
    held: int
    promised: int
    first_index: int
    next_start: NextStart

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} holds {count(self.held, 'entry')}, but its name promises {self.promised}",
            (self.next_start.words(self.first_index),),
        )


@rule(
    "SEG006",
    "closed segment whose entries do not match its name",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/one-entry-short", "segment/one-entry-more"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "segment/flipped-bit-last"),
)
def entry_count(node: Node) -> Iterator[Finding]:
    """## What it checks
    A closed segment whose batches are all sound holds as many entries as its name says.
    ## Why it matters
    An entry carries no index: only its place in the file, counted from the name, tells it. Loading refuses such a
    segment (`found X entries (expected Y)`). If it is the last closed one, dqlite with raft 0.14 or later moves it away
    together with everything behind it; any other stops the start.
    ## False alarm if
    Somebody renamed the file by hand.
    ## What to do
    Compare with the same entries on another node (`log`) to see which entry is missing or too many. If it is the last,
    a write was lost; if it is another, every later index in this file is shifted. Let this node come back once the
    others have a leader, as the report's first steps say.
    ## References
    https://github.com/canonical/dqlite/issues/190; https://github.com/k3s-io/k3s/issues/1639;
    docs/reference/start.md#loading-segments
    """
    for part in node.log.closed:
        found = part.segment
        if found is None or part.first > part.last or found.stop.reason is not StopReason.END:
            continue
        promised = part.last - part.first + 1
        if len(found) == promised:
            continue
        weight = weigh(node, part, repairable=True)
        name = part.file.name
        problem = WrongCount(name, len(found), promised, part.first, weight.next_start)
        yield Finding(problem, (part.file.at,), weight.severity, effect=weight.effect, where=(name,))
