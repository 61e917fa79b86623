"""SEG018: names of segments that raft reads but would not write."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SEG018",
    "segment names made by hand",
    Severity.INFO,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    effect=Effect.NONE,
    fires_on=("segment/name-by-hand",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def name_by_hand(node: Node) -> Iterator[Finding]:
    """## What it checks
    Names of closed segments have 16 digits each, those of open ones no padding. Told by names.
    ## Why it matters
    Raft reads numbers generously (`1-2`, `open-01`) and loads such files, so this harms nothing by itself; but raft
    never writes them: somebody renamed or wrote files here.
    ## When it is wrong
    Never.
    ## What to do
    Ask what was done to this directory.
    ## References
    FACTS 1.10
    """
    names = [(part.file, part.name.canonical) for part in node.log.closed]
    names += [(part.file, part.name.canonical) for part in node.log.open]
    for file, canonical in names:
        if not canonical:
            yield Finding(f"raft would not write the name {file.name!r}", (file.at,))
