"""META005: the node's term is older than its own log."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "META005",
    "metadata term behind the log",
    Severity.HIGH,
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
    A node stores the term before it stores an entry of it. A lower one means that metadata was lost, replaced, or
    restored from a backup: the node has forgotten votes that it gave, and two leaders in one term become possible. Raft
    does not check it.
    ## False alarm if
    Never in a directory that one raft wrote.
    ## What to do
    Do not start this node as a voter. Recover from another one, and let this one join again with an empty directory.
    ## References
    FACTS 1.3, 4.1
    """
    metadata = node.metadata
    if metadata is None:
        return
    highest, where = 0, metadata.at
    for _, segment, _ in node.log.parts():
        term = max(segment.terms)
        if term > highest:
            highest, where = term, segment.header_span(segment.terms.index(term))
    for snapshot in node.snapshots:
        if snapshot.data_file and snapshot.name.canonical and snapshot.name.term > highest:
            highest, where = snapshot.name.term, snapshot.data_file.at
    if highest > metadata.term:
        message = f"the term is {metadata.term} in metadata, but the log or a snapshot already has term {highest}"
        yield Finding(message, (Span(metadata.at.path, 16, 8), where))
