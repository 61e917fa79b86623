"""SEG013: two open segments with the same counter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SEG013",
    "two open segments with one counter",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/open-twice",),
    silent_on=("healthy/killed-111", "healthy/lagging-118"),
)
def open_twice(node: Node) -> Iterator[Finding]:
    """## What it checks
    No two names of open segments mean the same counter (`open-1`, `open-01`). Told by names.
    ## Why it matters
    Raft never writes such a name. Libraries inside dqlite (1.16.3 and later) abort while they sort the files; older
    ones load both, the second with indexes that follow the first.
    ## False alarm if
    Never: somebody made a copy inside the directory.
    ## What to do
    Find out which is raft's own (the name without padding), and move the other out of the directory of a copy.
    ## References
    canonical/dqlite src/raft/uv_segment.c; FACTS 1.10
    """
    for before, after in pairwise(node.log.open):
        if before.name.counter == after.name.counter:
            message = f"{before.file.name!r} and {after.file.name!r} both count {after.name.counter}"
            yield Finding(message, (after.file.at, before.file.at))
