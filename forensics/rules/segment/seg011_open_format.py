"""SEG011: an open segment that does not begin like one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.masking.text import told_number
from forensics.parsers.segment import StopReason
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.damage_words import Explanation, explanation_of
from forensics.wording import Words, count, segment, sentences


@dataclass(frozen=True, slots=True)
class UnknownFormat:
    """An open segment whose first word is no format.

    Attributes:
        file: its name.
        stored: the first word.
        behind: how many open segments follow it.
        explanation: what the damage looks like.
    """

    kind: ClassVar[str] = "unknown-format"
    file: str
    stored: int | str
    behind: int
    explanation: Explanation

    def words(self, _: Severity) -> Words:
        """See Problem."""
        others = f" with the {count(self.behind, 'open segment')} behind it" if self.behind else ""
        return Words(
            f"{segment(self.file)} has an unknown format",
            sentences(
                f"It begins with {self.stored} where 1 is expected.",
                f"dqlite with raft 0.14 or later moves it away{others}, and starts without their entries; older "
                "versions do not start.",
                self.explanation.words(),
            ),
        )


@rule(
    "SEG011",
    "open segment of unknown format",
    Severity.CRITICAL,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    effect=Effect.DEGRADED,
    fires_on=("segment/open-format",),
    silent_on=("healthy/killed-111", "healthy/lagging-118"),
)
def open_format(node: Node) -> Iterator[Finding]:
    """## What it checks
    The first eight bytes of an open segment are the number 1, or everything is zero because it is not used yet.
    ## Why it matters
    Loading says `unexpected format version`. dqlite with raft 0.14 or later moves the segment away together with all
    open segments behind it and starts without their entries; older versions do not start.
    ## False alarm if
    Never, as far as is known. Format 2 belongs to test builds (DQLITE_NEXT), and passes here.
    ## What to do
    Do not start the node before the file is saved. Start the nodes that have the entries
    first.
    ## References
    canonical/dqlite src/raft/uv_segment.c; docs/reference/snapshots.md#disk-format-2;
    docs/reference/start.md#loading-segments; docs/reference/start.md#self-repair
    """
    for part in node.log.open:
        found, file = part.segment, part.file
        if found is None or file.cut or found.stop.reason is not StopReason.FORMAT:
            continue
        behind = sum(other.name.counter > part.name.counter for other in node.log.open)
        explanation = explanation_of(node.log, found.path)
        head = file.blob.span(0, 8) if file.blob else file.at
        problem = UnknownFormat(file.name, told_number(found.stop.stored), behind, explanation)
        yield Finding(problem, (head, *explanation.spans), where=(file.name,))
