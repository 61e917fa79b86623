"""SEG003: the log begins after what the newest snapshot (or the bootstrap) leads up to."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SEG003",
    "log begins too late",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("segment/first-missing", "snapshot/all-gone"),
    consequence=True,
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/stopped-111", "segment/gap"),
)
def begins_too_late(node: Node) -> Iterator[Finding]:
    """## What it checks
    The first closed segment begins at 1, or at most one entry behind the newest complete snapshot. Told by names.
    ## Why it matters
    Entries that neither the log nor a snapshot holds are gone on this node, and it does not start: `first index
    should have been 1`, or `closed segment … is past last snapshot`.
    ## False alarm if
    A copy that skipped the snapshots (they are the largest files) shows this with no fault on the node.
    ## What to do
    Ask for the snapshot files, and look for older segments on the host. If they are lost, recover from another node.
    ## References
    https://github.com/canonical/raft/issues/57; FACTS 2.5, 2.6
    """
    chain = loading_chain(node)
    if not chain.starts_too_late or chain.ignored:  # with segments below, it is a gap: SEG002
        return
    first = chain.used[0]
    if chain.snapshot_index:
        reason = f"the newest complete snapshot ends at {chain.snapshot_index}"
    else:
        reason = "there is no complete snapshot"
    message = f"the log begins at {first.first} ({first.file.name}), but {reason}: the node does not start"
    snapshot = node.newest_snapshot
    spans = (first.file.at, *((snapshot.data_file.at,) if snapshot and snapshot.data_file else ()))
    yield Finding(message, spans)
