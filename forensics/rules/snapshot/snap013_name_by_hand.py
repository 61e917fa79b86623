"""SNAP013: a snapshot whose name raft would write otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "SNAP013",
    "snapshot that the next start would delete for its name",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.NAMES,),
    fires_on=("snapshot/name-by-hand",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def name_by_hand(node: Node) -> Iterator[Finding]:
    """## What it checks
    Snapshot names have no padding and no signs. Told by names.
    ## Why it matters
    Raft recognises such names, but looks for the partner file under the name that it would have written itself. It does
    not find it, takes both files for orphans, and deletes them.
    ## False alarm if
    Never.
    ## What to do
    Save both files before anything is started; on a copy, give them raft's own names.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; FACTS 1.10
    """
    for snapshot in node.snapshots:
        if not snapshot.name.canonical:
            files = [file for file in (snapshot.data_file, snapshot.meta_file) if file]
            told = f"{files[0].name!r} is not the name that raft writes ({snapshot.title!r})"
            message = f"{told}: the next start deletes it"
            yield Finding(message, tuple(file.at for file in files))
