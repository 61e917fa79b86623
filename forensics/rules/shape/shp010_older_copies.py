"""SHP010: copies of the same node's state from other revisions."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Severity, rule


@rule(
    "SHP010",
    "copies of the same node's state from other revisions",
    Severity.INFO,
    scope=Node,
    effect=Effect.NONE,
    fires_on=("shape/older-revision",),
    silent_on=("healthy/trimmed-111",),
)
def older_copies(node: Node) -> Iterator[Finding]:
    """## What it checks
    State directories of other revisions of the same snap beside the current one.
    ## Why it matters
    snapd keeps the data of the revision before. They are older copies of this node, not other nodes, and were left
    out of the comparison; after a failed refresh they can be a way back.
    ## False alarm if
    Never.
    ## What to do
    Nothing. Do not put their files into the current directory.
    ## References
    FACTS 9
    """
    if node.state.older:
        yield Finding(
            f"older copies of this node were left out: {', '.join(node.state.older)}", (Span(node.state.older[0]),)
        )
