"""SEG016: the term falls inside the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class TermFalls:
    """An entry of a lower term than the one before it.

    Attributes:
        index: the entry.
        term, term_before: its term, and that of the entry before it.
    """

    kind: ClassVar[str] = "term-falls"
    index: int
    term: int
    term_before: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"the term falls inside the log, at entry {self.index}",
            (
                f"Entry {self.index} has term {self.term}, entry {self.index - 1} has term {self.term_before}.",
                "Entries of two histories stand in one log.",
            ),
        )


@dataclass(frozen=True, slots=True)
class ForcedRecovery:
    """A configuration of term 1 behind a higher term, as forced recoveries write it.

    Attributes:
        index: the entry.
        term_before: term of the entry before it.
    """

    kind: ClassVar[str] = "forced-recovery"
    index: int
    term_before: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"a forced recovery wrote entry {self.index}",
            (f"The entry is a configuration of term 1, after an entry of term {self.term_before}.",),
            "Make sure that all other nodes were recovered from this one too.",
        )


@rule(
    "SEG016",
    "log term goes backwards",
    Severity.CRITICAL,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/term-backwards", "segment/forced-recovery"),
    silent_on=("healthy/new-term-118", "healthy/trimmed-111"),
)
def term_backwards(node: Node) -> Iterator[Finding]:
    """## What it checks
    Each entry's term is at least that of the entry before it.
    ## Why it matters
    A leader appends only in its own term. Where the term falls, segments of two histories are mixed, or one was edited.
    Raft does not check it. One case is legitimate: a forced recovery (`recover`, `cluster-recover`, update.yaml,
    enabling clustering in LXD) appends one configuration with term 1. That is shown as info.
    ## False alarm if
    Somebody assembled the directory by hand from two backups: then dqlite is not at fault.
    ## What to do
    Compare the entries on both sides with another node's (`log`). Do not start this node as a member: let this node
    come back once the others have a leader, as the report's first steps say.
    ## References
    canonical/dqlite src/raft/raft.c (raft_recover); docs/reference/raft.md#what-must-hold;
    docs/reference/raft.md#traces-of-a-recovery
    """
    changes = {change.index for change in node.changes if change.term == 1}
    highest, before_last = 0, 0
    for first, last, term in node.log.term_bands():
        falls = term < highest and first == before_last + 1
        if falls:
            yield _finding(node, first, term, highest, forced=term == 1 and first in changes)
        if not falls or first != last or first not in changes:
            highest = term  # go on from here: one fall, one finding
        before_last = last


def _finding(node: Node, index: int, term: int, before: int, *, forced: bool) -> Finding:
    spans = (_header(node, index),)
    if forced:
        return Finding(ForcedRecovery(index, before), spans, Severity.INFO, effect=Effect.NONE, where=(index,))
    return Finding(TermFalls(index, term, before), spans, where=(index,))


def _header(node: Node, index: int) -> Span:
    """The entry header of the latest part that holds the index."""
    spans = [
        segment.header_span(index - start)
        for start, segment, _ in node.log.parts()
        if start <= index < start + len(segment)
    ]
    return spans[-1]
