"""DB002: a database counts pages that nothing ever wrote."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.torn_copy import is_older_than_contents
from forensics.facts.node.node import Node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule

_COPIED = (
    "the directory was copied while the node wrote, and not in one moment (fewer than two unused open segments follow "
    "the one in use), so entries between may be missing from the copy alone: copy it again, best with the node stopped"
)


@rule(
    "DB002",
    "pages of a database were never written",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.DATABASES,),
    fires_on=("database/page-missing",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/single-111"),
)
def pages_missing(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A snapshot that is whole, and every entry behind it, give all pages that the database's own header counts.
    ## Why it matters
    A database cannot grow without its new pages being in the log. Where they are not, an entry is gone or stands
    elsewhere than it did: dqlite assigns the indexes of open segments by counting, and counts on where one was lost.
    ## False alarm if
    Where the snapshot itself is cut or damaged, this is not checked: other rules tell of that. Where the directory's
    names are older than its contents, the entry may be missing from the copy alone: then it is `low`.
    ## What to do
    Compare this node's log with the other nodes' (`analyze` with all directories together), and recover from another.
    ## References
    canonical/dqlite src/vfs.c; FACTS 2.6, 5.3
    """
    for database in node.databases.found:
        missing = [loss for loss in database.losses if loss.endswith("are missing")]
        others = [loss for loss in database.losses if loss not in missing]
        if others:
            yield NotChecked(f"{database.name} of {node.name} is not whole: {others[0]}")
        elif missing:
            message = f"{database.name} at index {node.databases.index}: {missing[0]}"
            if is_older_than_contents(node):
                yield Finding(f"{message}: {_COPIED}", database.at, Severity.LOW)
            else:
                yield Finding(message, database.at)
