"""SEG005: the name of a closed segment is no range of indexes."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SEG005",
    "closed segment named after an impossible range",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/inverted-range",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def inverted_range(node: Node) -> Iterator[Finding]:
    """## What it checks
    The first index in a closed segment's name is at least 1, and not above the last. Told by names.
    ## Why it matters
    Raft never writes such a name knowingly: it is the trace of a truncation or of a conversion of open segments that
    went wrong. Libraries inside dqlite (1.16.3 and later) abort on it, older ones refuse to start.
    ## False alarm if
    Where somebody renamed files by hand.
    ## What to do
    Keep the file, and find out how many entries it holds (`log`). Moving it out of the directory is only right where
    its entries stand in other segments too.
    ## References
    https://github.com/canonical/raft/issues/189; FACTS 2.6
    """
    for part in node.log.closed:
        if part.first == 0 or part.first > part.last:
            yield Finding(f"{part.file.name} claims entries {part.first} to {part.last}", (part.file.at,))
