"""SEG014: more open segments than a running node has."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule

_NORMAL_MAX = 3  # the one in use and two prepared ones (FACTS 1.5)


@rule(
    "SEG014",
    "too many open segments",
    Severity.LOW,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/open-many",),
    silent_on=("healthy/killed-111", "healthy/lagging-118", "healthy/stopped-111"),
)
def many_open(node: Node) -> Iterator[Finding]:
    """## What it checks
    There are at most three open segments. Told by names.
    ## Why it matters
    Every start converts or deletes what it finds, so more than three means that no start came that far since: the node
    fails or crashes while loading, or files of different moments were put together.
    ## False alarm if
    Segments that were full but not yet closed when the process was killed can make a fourth.
    ## What to do
    Look at the other findings of this node, and at the journal for starts that failed.
    ## References
    FACTS 1.5, 2.6
    """
    count = len(node.log.open)
    if count > _NORMAL_MAX:
        names = ", ".join(part.file.name for part in node.log.open[:6])
        message = f"{count} open segments ({names}{', …' if count > 6 else ''}), a node has at most {_NORMAL_MAX}"
        yield Finding(message, tuple(part.file.at for part in node.log.open[:6]))
