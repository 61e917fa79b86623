"""SEG006: a closed segment holds fewer or more entries than its name says."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.parsers.segment import StopReason
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.start_words import weigh


@rule(
    "SEG006",
    "closed segment whose entries do not match its name",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/one-entry-short", "segment/one-entry-more"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "segment/flipped-bit-last"),
)
def entry_count(node: Node) -> Iterator[Finding]:
    """## What it checks
    A closed segment whose batches are all sound holds as many entries as its name says.
    ## Why it matters
    An entry carries no index: its place in the file, counted from the name, is all there is. Loading refuses the
    segment (`found X entries (expected Y)`): the last one is set aside with everything behind it by raft 0.14 and
    later, any other stops the start.
    ## False alarm if
    Where the file was renamed by hand.
    ## What to do
    Compare with the same entries on another node (`log`) to see which one is missing: the last (a lost write) or
    another (then every later index here is shifted). Recover from a node without this.
    ## References
    https://github.com/canonical/dqlite/issues/190; https://github.com/k3s-io/k3s/issues/1639; FACTS 2.6
    """
    for part in node.log.closed:
        segment = part.segment
        if segment is None or part.first > part.last or segment.stop.reason is not StopReason.END:
            continue
        expected = part.last - part.first + 1
        if len(segment) == expected:
            continue
        weight = weigh(node, part, repairable=True)
        message = f"{part.file.name} holds {len(segment)} entries, its name says {expected}; {weight.words}"
        yield Finding(message, (part.file.at,), weight.severity, effect=weight.effect)
