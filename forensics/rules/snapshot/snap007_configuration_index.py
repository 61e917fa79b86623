"""SNAP007: a snapshot whose configuration comes from the future."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SNAP007",
    "snapshot configuration newer than the snapshot",
    Severity.MEDIUM,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/configuration-index",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def configuration_index(node: Node) -> Iterator[Finding]:
    """## What it checks
    The index of the configuration in a snapshot's `.meta` is not above the snapshot's own.
    ## Why it matters
    A configuration belongs to an entry at or below the snapshot. Loading takes the number as it is, and passes over
    change entries of the log up to it: membership changes between the two are forgotten.
    ## False alarm if
    Never in files that one raft wrote.
    ## What to do
    Compare the configuration with the other nodes' before this one is started.
    ## References
    canonical/dqlite src/raft/start.c; FACTS 1.7, 2.8
    """
    for snapshot in node.snapshots:
        meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
        if meta is not None and meta.configuration_index > snapshot.name.index:
            message = f"{snapshot.title}: its configuration is of entry {meta.configuration_index}"
            yield Finding(message, (Span(meta.at.path, 16, 8),))
