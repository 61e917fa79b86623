"""SNAP003: a snapshot's `.meta` that loading refuses."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.node.node import Node, Snapshot
from forensics.parsers.bitflip import describe_flip
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_SMALLEST = 32 + 24  # header, and a configuration of one server with an empty address (FACTS 1.6, 1.7)


@rule(
    "SNAP003",
    "snapshot .meta that cannot be loaded",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=(
        "snapshot/meta-checksum",
        "snapshot/meta-short",
        "snapshot/meta-format",
        "snapshot/meta-size",
        "snapshot/older-meta",
    ),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def bad_meta(node: Node) -> Iterator[Finding]:
    """## What it checks
    Format, size, checksum and configuration of every `.meta`; from a listing, whether its size can be that of one.
    ## Why it matters
    Only the newest snapshot is tried: if its `.meta` is bad, the node does not start, even where the older snapshot and
    the whole log are sound (only cowsql/raft 0.22 and later falls back). Self-repair does not act on snapshots. A bad
    older one is never read.
    ## False alarm if
    A file that was damaged by the copy looks the same: compare the digests with the node's.
    ## What to do
    Save the directory. The configuration is the same on all nodes at that index: compare with theirs. Recover from
    another node; where this is the only one, the older snapshot and the log behind it may still hold everything: work
    on a copy.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c (uvSnapshotLoadMeta); FACTS 1.7, 2.4
    """
    for snapshot in node.snapshots:
        if snapshot.meta_file is None or snapshot.meta_file.cut:
            continue
        if snapshot.meta is not None:
            faults = [(anomaly.detail, anomaly.at) for anomaly in snapshot.meta.anomalies]
        else:
            size = snapshot.meta_file.exact_size
            odd = size is not None and (size < _SMALLEST or size % 8 != 0)
            faults = [(f"{size} bytes cannot be a .meta", snapshot.meta_file.at)] if odd else []
        if faults:
            detail, at = faults[0]
            yield _finding(node, snapshot, f"{snapshot.meta_file.name}: {detail}", at)


def _finding(node: Node, snapshot: Snapshot, told: str, at: Span) -> Finding:
    flip = snapshot.meta.value.flip if snapshot.meta and snapshot.meta.value else None
    words = f"; {describe_flip(flip)}" if flip else ""
    spans = (at, flip.at) if flip else (at,)
    if snapshot is node.newest_snapshot:
        return Finding(f"{told}; it is the newest snapshot, and the node does not start{words}", spans)
    return Finding(f"{told}; loading does not read it{words}", spans, Severity.LOW, effect=Effect.NONE)
