"""JRN009: a database has reached the page limit of old dqlite versions."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("database-limit",)


@rule(
    "JRN009",
    "a database has reached the page limit of old dqlite versions",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/database-limit",),
    silent_on=("journal/everyday",),
)
def database_limit(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with `db->follower == NULL` or `vfsDatabaseGetPage pgno:…`.
    ## Why it matters
    Old versions fail when a database grows beyond 262144 pages of 4096 bytes (1 GiB). The data is whole, the
    library cannot handle its size.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Upgrade dqlite (fixed after April 2021), then find what fills the database: the largest prefixes of its keys.
    dqlite never vacuums by itself.
    ## References
    https://github.com/canonical/dqlite/issues/292
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the database is larger than 262144 pages (1 GiB), which this version cannot handle"
