"""SNAP001: a snapshot's data without its `.meta`."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node, Snapshot
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SNAP001",
    "snapshot without its .meta",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/newest-without-meta", "snapshot/older-without-meta"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def no_meta(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every snapshot has both files. Told by names.
    ## Why it matters
    The next start deletes the data file. Where it is the newest, that snapshot is lost: an older one takes its place,
    and the node starts only if the log reaches back to that one.
    ## False alarm if
    An older snapshot without its `.meta` is what a crash leaves while raft removes it: told as info.
    ## What to do
    Save the data file before anything is started: it holds the whole database. Look for the `.meta` in backups, and on
    the host. Its configuration can also be had from another node.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; FACTS 2.2, 3.2
    """
    newest = node.newest_snapshot
    for snapshot in node.snapshots:
        if snapshot.data_file is None or snapshot.meta_file is not None:
            continue
        spans = (snapshot.data_file.at,)
        told = f"{snapshot.data_file.name} has no .meta: the next start deletes it"
        if newest is not None and newest.name.order > snapshot.name.order:
            yield Finding(f"{told}; a newer snapshot is complete", spans, Severity.INFO, effect=Effect.NONE)
        else:
            yield _newest(node, snapshot, told)


def _newest(node: Node, snapshot: Snapshot, told: str) -> Finding:
    spans = (snapshot.data_file.at,) if snapshot.data_file else ()
    if loading_chain(node).starts_too_late:
        message = f"{told}, and without it the log begins too late: the node does not start"
        return Finding(message, spans, Severity.CRITICAL, effect=Effect.NODE_DOWN)
    return Finding(f"{told}, though no complete snapshot is newer", spans)
