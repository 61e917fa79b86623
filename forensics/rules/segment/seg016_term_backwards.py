"""SEG016: the term falls inside the log."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SEG016",
    "log term goes backwards",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/term-backwards", "segment/forced-recovery"),
    silent_on=("healthy/new-term-118", "healthy/trimmed-111"),
)
def term_backwards(node: Node) -> Iterator[Finding]:
    """## What it checks
    Each entry's term is at least that of the entry before it.
    ## Why it matters
    A leader appends only in its own term, so a fall means that segments of two histories are mixed, or that one was
    edited. Raft does not check it. One case is legitimate: a forced recovery (`recover`, `cluster-recover`,
    update.yaml, enabling clustering in LXD) appends one configuration with term 1: told as info.
    ## False alarm if
    A directory that was assembled by hand from two backups shows this with no fault in dqlite.
    ## What to do
    Compare the entries around the fall with another node's (`log`). Do not start this node as a member; recover from a
    node whose log is of one piece. After a forced recovery: make sure that all other nodes were recovered from it too.
    ## References
    canonical/dqlite src/raft/recover.c; FACTS 4.1, 4.4
    """
    changes = {change.index for change in node.changes if change.term == 1}
    highest, before_last = 0, 0
    for first, last, term in node.log.term_bands():
        if term < highest and first == before_last + 1:
            span = _header(node, first)
            if term == 1 and first in changes:
                message = f"entry {first} is a configuration of term 1 after term {highest}: a forced recovery"
                yield Finding(message, (span,), Severity.INFO, effect=Effect.NONE)
            else:
                message = f"entry {first} has term {term}, entry {first - 1} has term {highest}"
                yield Finding(message, (span,))
            if first != last or first not in changes:
                highest = term  # go on from here: one fall, one finding
        else:
            highest = term
        before_last = last


def _header(node: Node, index: int) -> Span:
    """The entry header of the latest part that holds the index."""
    spans = [
        segment.header_span(index - start)
        for start, segment, _ in node.log.parts()
        if start <= index < start + len(segment)
    ]
    return spans[-1]
