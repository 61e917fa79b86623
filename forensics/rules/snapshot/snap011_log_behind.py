"""SNAP011: the log ends before the snapshot does."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "SNAP011",
    "log that ends behind the snapshot",
    Severity.LOW,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/log-behind", "snapshot/log-behind-open"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def log_behind(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The last entry of the log is not below the newest snapshot's index.
    ## Why it matters
    With closed segments alone loading passes over them and goes on behind the snapshot: nothing is lost, told as info.
    With open segments that hold entries but do not reach the snapshot, raft up to 0.13 does not start (`… is behind
    last snapshot's index`); 0.14 and later convert them, try again, and start.
    ## False alarm if
    Right after a leader installed a snapshot here.
    ## What to do
    Nothing is lost on this node: the snapshot covers these entries. With raft 0.13 or older move the log's files away,
    on a copy.
    ## References
    canonical/dqlite src/raft/uv.c; FACTS 2.5, 2.8, 2.10
    """
    snapshot = node.newest_snapshot
    if snapshot is None or not (node.log.closed or node.log.open) or snapshot.data_file is None:
        return
    index = snapshot.name.index
    lasts = [part.last for part in node.log.closed]
    lasts += [part.last_read for part in node.log.open if part.last_read is not None]
    if not lasts or max(lasts) >= index:
        return
    if any(part.segment is None for part in node.log.open):
        yield NotChecked("what the open segments hold is not known")
        return
    told = f"the log ends at {max(lasts)}, the newest snapshot at {index}"
    if node.log.open:
        yield Finding(f"{told}: raft 0.13 and older do not start", (snapshot.data_file.at,))
    else:
        spans = (node.log.closed[-1].file.at, snapshot.data_file.at)
        yield Finding(f"{told}: loading goes on behind the snapshot", spans, Severity.INFO, effect=Effect.NONE)
