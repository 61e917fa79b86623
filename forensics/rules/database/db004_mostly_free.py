"""DB004: most of a database is free pages."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.of_cluster import newest_databases
from forensics.rules.api import Finding, Needs, Severity, rule

_SHARE = 2  # at least one page in two
_BYTES = 4 * 1024 * 1024


@rule(
    "DB004",
    "most of a database is free pages",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/k8sd"),
)
def mostly_free(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Not more than half of a database's pages, if that is more than 4 MB, are on its free list.
    ## Why it matters
    dqlite never vacuums: a database keeps the size of its worst day. Snapshots carry the free pages too, so they, the
    memory of every member and the start take longer than the data asks for.
    ## False alarm if
    It is no fault, and free pages are used again.
    ## What to do
    Nothing, or VACUUM once in a quiet hour: it writes the whole database into the log as one entry.
    ## References
    https://www.sqlite.org/lang_vacuum.html; FACTS 7.5
    """
    newest = newest_databases(cluster)
    for database in newest.found if newest else ():
        free = database.free_pages or 0
        if free * _SHARE >= database.pages and free * database.page_size > _BYTES:
            told = f"{free} of {database.pages} pages of {database.name} are free"
            yield Finding(f"{told}, {free * database.page_size} bytes", database.at)
