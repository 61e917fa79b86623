"""SNAP002: a snapshot's `.meta` without its data, or with data of no bytes."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.log.loading_chain import loading_chain
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "SNAP002",
    "snapshot without its data",
    Severity.INFO,
    scope=Node,
    needs=(Needs.SOME_NAMES,),
    fires_on=(
        "snapshot/newest-without-data",
        "snapshot/newest-empty",
        "snapshot/interrupted",
        "snapshot/empty-in-a-cut-listing",
    ),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def no_data(node: Node) -> Iterator[Finding]:
    """## What it checks
    Every `.meta` has a data file beside it that is not empty. Told by names and sizes.
    ## Why it matters
    Raft writes the `.meta` first: a crash before the data leaves it alone, and the next start deletes it. That is
    harmless as long as the log still reaches back to an older snapshot or to its beginning. Where it does not, the data
    was there once, is lost, and the node does not start. An empty data file makes loading pass over the pair.
    ## False alarm if
    A copy that skipped large files shows this with no fault on the node. Of a listing that is not whole only empty data
    files are told.
    ## What to do
    Info: nothing. Otherwise look for the data file on the host, and recover from another node if it is lost.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; FACTS 2.2, 2.3, 3.2
    """
    for snapshot in node.snapshots:
        if snapshot.meta_file is None or snapshot.loadable or (node.names_cut and snapshot.data_file is None):
            continue
        newest = node.newest_snapshot
        is_newest = newest is None or newest.name.order < snapshot.name.order
        lost = is_newest and loading_chain(node).starts_too_late
        told = f"{snapshot.title} has {'an empty data file' if snapshot.data_file else 'no data, only its .meta'}"
        spans = (snapshot.data_file.at if snapshot.data_file else snapshot.meta_file.at, snapshot.meta_file.at)
        if node.names_cut:
            message = (
                f"{told}: loading passes over it; whether the log reaches back far enough, the listing does not show"
            )
            yield Finding(message, spans, Severity.MEDIUM, effect=Effect.ATTENTION)
        elif lost:
            message = f"{told}, and without it the log begins too late: the node does not start"
            yield Finding(message, spans, Severity.CRITICAL, effect=Effect.NODE_DOWN)
        elif snapshot.data_file is not None and is_newest:
            message = f"{told}: loading passes over it; the log still reaches back far enough"
            yield Finding(message, spans, Severity.MEDIUM, effect=Effect.ATTENTION)
        else:
            yield Finding(f"{told}: a snapshot that was interrupted, deleted at the next start", spans)
