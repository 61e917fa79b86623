"""DB003: a snapshot is not what the log leads to."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "DB003",
    "snapshot differs from what the log leads to",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.DATABASES,),
    fires_on=("database/snapshot-differs",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/lagging-111"),
)
def snapshot_differs(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Where the log reaches back to an older snapshot, or to index 1, following it to the newest snapshot gives the same
    databases, page for page. Real directories of dqlite 1.11 and 1.18 do, snapshots installed from a leader too.
    ## Why it matters
    Both files verify, yet they tell two histories. Entries were lost, shifted or exchanged, or a snapshot of another
    cluster lies in the directory. The node will start from the snapshot and never notice.
    ## False alarm if
    A directory assembled by hand from two copies shows this with no fault in dqlite. Databases of more than 64 MB are
    not compared.
    ## What to do
    Do not recover from this node. Compare with the others: `diff`, and `extract --at` the snapshot's index on each.
    ## References
    FACTS 5.3
    """
    difference = node.difference
    if difference is None:
        yield NotChecked(
            f"{node.name}: no log leads to its newest snapshot, it has none, or it is too large to be compared"
        )
        return
    if not difference.pages:
        return
    size = [name for name, page in difference.pages if page == 0]
    names = ", ".join(sorted({name for name, _ in difference.pages}))
    what = "its size" if size else f"pages {', '.join(str(page) for _, page in difference.pages)}"
    base = difference.base or "index 1"
    yield Finding(
        f"{names} at index {difference.index}: the snapshot and the log from {base} differ in {what}",
        (difference.snapshot, *difference.places),
    )
