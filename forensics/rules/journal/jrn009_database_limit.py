"""JRN009: a database has reached the page limit of old dqlite versions."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"database-limit": "a database is larger than 262144 pages (1 GiB), too large for this version"})


@log_rule(
    "JRN009",
    "a database has reached the page limit of old dqlite versions",
    Severity.HIGH,
    fault=FaultKind.DATABASE_DAMAGED,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/database-limit",),
)
def database_limit(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `db->follower == NULL` and `vfsDatabaseGetPage pgno:…`.
    ## Why it matters
    Old versions fail when a database grows beyond 262144 pages of 4096 bytes (1 GiB). The data is whole; the
    library cannot handle its size.
    ## What to do
    Upgrade dqlite (fixed after April 2021), then find what fills the database: the prefixes with the most keys.
    dqlite never vacuums by itself.
    ## References
    https://github.com/canonical/dqlite/issues/292
    """
    return findings_of(case, CAUSE)
