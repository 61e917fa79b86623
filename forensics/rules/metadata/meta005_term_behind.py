"""META005: the node's term is older than its own log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words, segment


@dataclass(frozen=True, slots=True)
class TermBehind:
    """The term in metadata, and the higher one that a file of the log already has.

    Attributes:
        term: in metadata.
        highest: in the log or in a snapshot.
        file: name of the segment or snapshot with that term.
    """

    kind: ClassVar[str] = "term-behind"
    term: int
    highest: int
    file: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the term in metadata is {self.term}, but {segment(self.file)} already has term {self.highest}",
            ("The node has forgotten votes that it gave, and can vote again in those terms.",),
        )


@rule(
    "META005",
    "metadata term behind the log",
    Severity.HIGH,
    fault=FaultKind.METADATA_DAMAGED,
    scope=Node,
    needs=(Needs.METADATA,),
    effect=Effect.DEGRADED,
    fires_on=("metadata/term-behind",),
    silent_on=("healthy/trimmed-111", "healthy/new-term-118"),
)
def term_behind(node: Node) -> Iterator[Finding]:
    """## What it checks
    The term in metadata is at least that of every entry and snapshot.
    ## Why it matters
    A node stores a term before it stores an entry of it. A lower one means that metadata was lost, replaced, or
    restored from a backup. The node has then forgotten votes that it gave, and two leaders in one term become possible.
    Raft does not check it.
    ## False alarm if
    Never, as far as is known, in a directory that one raft wrote.
    ## What to do
    Do not start this node as a voter. Let this node come back once the others have a leader, as the report's first
    steps say.
    ## References
    docs/reference/metadata.md#metadata1-and-metadata2; docs/reference/raft.md#what-must-hold
    """
    metadata = node.metadata
    if metadata is None:
        return
    highest, name, at = 0, "", metadata.at
    for _, found, part in node.log.parts():
        term = max(found.terms)
        if term > highest:
            highest, name, at = term, part.file.name, found.header_span(found.terms.index(term))
    for snapshot in node.snapshots:
        if snapshot.data_file and snapshot.name.canonical and snapshot.name.term > highest:
            highest, name, at = snapshot.name.term, snapshot.data_file.name, snapshot.data_file.at
    if highest > metadata.term:
        yield Finding(TermBehind(metadata.term, highest, name), (Span(metadata.at.path, 16, 8), at))
