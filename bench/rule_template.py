"""TPL000: what is wrong, in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, segment, sentences


@dataclass(frozen=True, slots=True)
class Template:
    """TODO: what is wrong, as data, with the unit of each number.

    Attributes:
        file: name of the segment.
    """

    kind: ClassVar[str] = "template"
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{segment(self.file)} TODO: the problem in one clause",
            sentences("TODO: what it means here.", "What was measured, what explains it: each in a sentence."),
        )


@rule(
    "TPL000",
    "what is wrong, in a few words",
    Severity.MEDIUM,
    fault=FaultKind.LOG_DAMAGED,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=(),
    silent_on=(),
)
def template(node: Node) -> Iterator[Finding]:
    """## What it checks
    TODO: what is looked at, and when it is wrong.
    ## Why it matters
    TODO: what happens if nobody acts.
    ## False alarm if
    TODO: when the same sight is harmless.
    ## What to do
    TODO: steps for the rule's own severity.
    ## References
    TODO: docs/reference/segments.md#batches, or the source file; each behind a semicolon
    """
    for closed in node.log.closed:
        if _is_wrong(closed):
            yield Finding(Template(closed.file.name), (closed.file.at,), where=(closed.file.name,))


def _is_wrong(_: ClosedSegment) -> bool:
    """TODO: the condition."""
    return False
