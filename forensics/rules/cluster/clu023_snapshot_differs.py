"""CLU023: two nodes of one history with different data."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "CLU023",
    "different data on two nodes at one index",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.SNAPSHOTS, Needs.SEVERAL_NODES),
    effect=Effect.DEGRADED,
    fires_on=("cluster/snapshots-differ",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-111", "healthy/lagging-118"),
)
def snapshot_differs(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The databases in a node's newest snapshot, page by page, against those that another node of the same history has at
    that index: in a snapshot of its own, or by following its log.
    ## Why it matters
    Equal entries make equal databases; real directories of dqlite 1.11 and 1.18 have them byte for byte. Where they
    differ behind equal logs, one node lost or changed something before its log begins, and nothing in raft will ever
    tell. What a client reads depends on who leads.
    ## False alarm if
    A directory assembled by hand from two copies shows this with no fault in dqlite. Databases of more than 64 MB are
    not compared.
    ## What to do
    Do not recover from either before it is known which is right: `extract --at` the index on both, and compare with a
    third node. Give the odd one an empty directory and let it join again.
    ## References
    FACTS 4.1 (snapshots at the same index), 5.3
    """
    if not cluster.twins:
        yield NotChecked("no newest snapshot's index is reached by another node's evidence, or they are too large")
    told = {node.name for node in cluster.nodes if node.difference is not None and node.difference.pages}  # DB003
    for twin in cluster.twins:
        pages = twin.difference.pages
        if not pages or told & {twin.node, twin.other}:
            continue
        names = ", ".join(sorted({name for name, _ in pages}))
        what = "their size" if any(page == 0 for _, page in pages) else f"pages {', '.join(str(p) for _, p in pages)}"
        yield Finding(
            f"{twin.node} and {twin.other} hold different {names} at index {twin.difference.index}, in one history: "
            f"the snapshot of {twin.node} and what {twin.other} has there differ in {what}",
            (twin.difference.snapshot, *twin.difference.places),
            nodes=(twin.node, twin.other),
        )
