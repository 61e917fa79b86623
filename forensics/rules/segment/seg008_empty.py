"""SEG008: a closed segment of no bytes."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.start_words import weigh


@rule(
    "SEG008",
    "empty closed segment",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=("segment/empty",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def empty(node: Node) -> Iterator[Finding]:
    """## What it checks
    No closed segment has zero bytes. Told by sizes.
    ## Why it matters
    Raft renames a segment only after it is written: a file system that came back from a power cut, or a full disk,
    lost its content. Loading says `file is empty`.
    ## False alarm if
    A copy onto a full disk makes empty files too: compare with the host.
    ## What to do
    Check the disk (space, inodes, kernel log) before anything is started. Then recover from another node.
    ## References
    canonical/dqlite src/raft/uv_segment.c; FACTS 2.6
    """
    for part in node.log.closed:
        if part.file.size_max == 0 and not part.file.cut:
            weight = weigh(node, part, repairable=True)
            message = f"{part.file.name} is empty: entries {part.first} to {part.last} are gone here; {weight.words}"
            yield Finding(message, (part.file.at,), weight.severity, effect=weight.effect)
