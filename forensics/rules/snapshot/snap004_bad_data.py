"""SNAP004: a snapshot's data that cannot be read to its end."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Anomaly
from forensics.facts.node.node import Node, Snapshot
from forensics.rules.api import Finding, Needs, Severity, rule

_ELSEWHERE = ("snapshot-empty",)  # SNAP002


@rule(
    "SNAP004",
    "snapshot data that cannot be read",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.SNAPSHOTS,),
    fires_on=("snapshot/data-flipped", "snapshot/data-cut", "snapshot/data-count", "snapshot/older-data"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/lagging-111"),
)
def bad_data(node: Node) -> Iterator[Finding]:
    """## What it checks
    The LZ4 frame (with its content checksum), and inside it the directory of databases with their sizes.
    ## Why it matters
    Only the newest snapshot is tried: the node does not start with it. Up to dqlite 1.18.2 a frame that is cut makes
    the start hang at full CPU instead of failing. A bad older snapshot is never read, but it is no second copy either.
    ## False alarm if
    A file that was damaged or cut by the copy looks the same: compare size and digest with the node's.
    ## What to do
    Save the directory. Recover from another node. Where this is the only one: the older snapshot with the whole log
    behind it holds the same data, which `sql` and `extract` can show.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c, src/fsm.c; https://github.com/canonical/microk8s/issues/1578; FACTS 1.8,
    2.4
    """
    for snapshot in node.snapshots:
        if snapshot.data is None or snapshot.data_file is None or snapshot.data_file.cut:
            continue
        faults = [anomaly for anomaly in snapshot.data.anomalies if anomaly.code not in _ELSEWHERE]
        if faults:
            yield _finding(node, snapshot, faults)


def _finding(node: Node, snapshot: Snapshot, faults: list[Anomaly]) -> Finding:
    told = f"{snapshot.title}: {faults[0].detail} ({faults[0].code})"
    spans = tuple(dict.fromkeys(anomaly.at for anomaly in faults))
    if snapshot is not node.newest_snapshot:
        return Finding(f"{told}; loading does not read it", spans, Severity.LOW)
    outcome = "the node does not start"
    if faults[0].code == "lz4-cut":
        outcome = "the start fails, or up to dqlite 1.18.2 hangs"
    return Finding(f"{told}; it is the newest snapshot: {outcome}", spans)
