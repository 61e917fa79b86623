"""DB004: most of a database is free pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import newest_databases
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, size

_SHARE = 2  # at least one page in two
_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MostlyFree:
    """A database with many free pages.

    Attributes:
        database: its name.
        free, pages: how many pages are free, and how many there are.
        free_bytes: the size of the free ones.
    """

    kind: ClassVar[str] = "mostly-free"
    database: str
    free: int
    pages: int
    free_bytes: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"most of database {self.database} is free space",
            (f"{self.free} of {self.pages} pages are free, {size(self.free_bytes)}.",),
        )


@rule(
    "DB004",
    "database that is mostly free space",
    Severity.INFO,
    fault=FaultKind.PERFORMANCE,
    scope=Cluster,
    needs=(Needs.DATABASES,),
    fires_on=("kine/every-oddity",),
    silent_on=("healthy/trimmed-111", "healthy/k8sd"),
)
def mostly_free(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Whether at least half of a database's pages, and more than 4 MiB, are on its free list.
    ## Why it matters
    dqlite never shrinks a database: it keeps the size that it once had. Snapshots contain the free pages too, so
    snapshots, every member's memory and the time of a start are larger than the data needs.
    ## False alarm if
    You expect the data to grow again: free pages are used again, and nothing is wrong.
    ## What to do
    Nothing, or VACUUM once in a quiet hour. It writes the whole database into the log as one entry.
    ## References
    https://www.sqlite.org/lang_vacuum.html; docs/reference/k8s-dqlite.md#checks-in-sql
    """
    newest = newest_databases(cluster)
    for database in newest.found if newest else ():
        free = database.free_pages or 0
        if free * _SHARE >= database.pages and free * database.page_size > _BYTES:
            problem = MostlyFree(database.name, free, database.pages, free * database.page_size)
            yield Finding(problem, database.at, where=(database.name,))
