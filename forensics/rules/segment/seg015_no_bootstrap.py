"""SEG015: a log from index 1 that does not begin with a configuration."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "SEG015",
    "log without its first configuration",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SEGMENTS,),
    fires_on=("segment/no-bootstrap",),
    silent_on=("healthy/stopped-111", "healthy/killed-111"),
)
def no_bootstrap(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Without a snapshot, the first entry is a configuration change.
    ## Why it matters
    Entry 1 is the founder's configuration. Libraries inside dqlite (1.16.3 and later) abort where it is something
    else; older ones start with an empty configuration, a member of no cluster. An open segment that lost what came
    before it looks like this: its entries would be numbered from 1.
    ## False alarm if
    A copy that skipped the snapshots and the older segments.
    ## What to do
    Ask for the missing files. If they are lost, recover from another node.
    ## References
    canonical/dqlite src/raft/start.c; FACTS 2.8
    """
    if node.newest_snapshot is not None or loading_chain(node).starts_too_late:
        return
    first, segment, _ = next(node.log.parts(), (0, None, None))
    if segment is None:
        yield NotChecked("no entry can be read")
    elif first == 1 and segment.types[0] != EntryType.CHANGE:
        kind = "a command" if segment.types[0] == EntryType.COMMAND else "a barrier"
        yield Finding(f"there is no snapshot, and the first entry of the log is {kind}", (segment.header_span(0),))
