"""SEG008: a closed segment of no bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.start_words import NextStart, weigh
from forensics.wording import Words, are, entries, segment


@dataclass(frozen=True, slots=True)
class EmptySegment:
    """A closed segment without content.

    Attributes:
        file: its name.
        first_index, last_index: what the name promises.
        next_start: what the next start makes of it.
    """

    kind: ClassVar[str] = "empty"
    file: str
    first_index: int
    last_index: int
    next_start: NextStart

    def words(self, _: Severity) -> Words:
        """See Problem."""
        lost = entries(self.first_index, self.last_index)
        verb = are(self.last_index - self.first_index + 1)
        return Words(
            f"{segment(self.file)} is empty",
            (f"On this node, {lost} {verb} gone.", self.next_start.words(self.first_index)),
        )


@rule(
    "SEG008",
    "empty closed segment",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/empty",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def empty(node: Node) -> Iterator[Finding]:
    """## What it checks
    No closed segment has zero bytes. File sizes are enough for this.
    ## Why it matters
    Raft renames a segment only after it has written it. An empty one means that the file system lost the content, after
    a power cut or on a full disk. Loading says `file is empty`.
    ## False alarm if
    The copy was made onto a full disk, which leaves empty files too: compare with the host.
    ## What to do
    Check the disk (space, inodes, kernel log) before anything is started. Then let this node come back once the others
    have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/uv_segment.c; docs/reference/start.md#loading-segments
    """
    for part in node.log.closed:
        if part.file.size_max == 0 and not part.file.cut:
            weight = weigh(node, part, repairable=True)
            name = part.file.name
            problem = EmptySegment(name, part.first, part.last, weight.next_start)
            yield Finding(problem, (part.file.at,), weight.severity, effect=weight.effect, where=(name,))
