"""DB001: SQLite finds a database damaged inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule

_INDEX_ONLY = re.compile(r"row \d+ missing from index |wrong # of entries in index |non-unique entry in index ")
_SHOWN = 3


@rule(
    "DB001",
    "database damaged inside",
    Severity.CRITICAL,
    scope=Node,
    needs=(Needs.DATABASES,),
    fires_on=("database/damaged-page",),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118", "healthy/k8sd"),
    consequence=True,  # of lost or moved entries, where the log or the other nodes show them
    effect=Effect.DEGRADED,
)
def integrity(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Each database, rebuilt at the last index of the log, passes SQLite's `PRAGMA integrity_check`. The image is built
    from copies of its pages, in private space; the evidence is never opened with SQLite.
    ## Why it matters
    The damage is in what raft replicated, so every member has it, and restoring another member does not help. dqlite
    1.18.3 and later check a snapshot when they load it and do not start on a bad one (`raft_start(): ` and no text);
    older ones serve wrong rows. Where only index entries are wrong, keys exist that no list shows (told as high).
    ## False alarm if
    An image that lacks pages is not checked at all. Entries behind the commit index may never have been applied; damage
    that only they bring goes away with them.
    ## What to do
    Find the first index at which it shows: `sql --at INDEX 'PRAGMA integrity_check'`, halving. `extract` the last good
    state. Wrong indexes alone are made anew by REINDEX on the leader; for damaged trees export what can be read.
    ## References
    https://www.sqlite.org/pragma.html#pragma_integrity_check; FACTS 2.4, 7.5
    """
    for database in node.databases.found:
        if database.losses:
            yield NotChecked(f"{database.name} of {node.name} is not whole: {database.losses[0]}")
        elif database.integrity is None:
            yield NotChecked(f"{database.name} of {node.name}: {database.not_checked}")
        elif not database.sound:
            index_only = all(_INDEX_ONLY.search(line) for line in database.integrity)
            told = "; ".join(database.integrity[:_SHOWN])
            more = len(database.integrity) - _SHOWN
            yield Finding(
                f"{database.name} at index {node.databases.index}: {told}{f' and {more} more' if more > 0 else ''}",
                database.at,
                Severity.HIGH if index_only else None,
            )
