"""JRN056: SQLite inside dqlite reports an I/O error."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("sqlite-io",)


@rule(
    "JRN056",
    "SQLite inside dqlite reports an I/O error",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/sqlite-io",),
    silent_on=("journal/everyday",),
)
def sqlite_io(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    SQLite's `disk I/O error`, as dqlite's clients get it.
    ## Why it matters
    dqlite's SQLite works on memory: the disk is not always what failed. Raft could not write the entry (a full or
    failing disk), the leader changed under the query, or the transaction was too large for an old version.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Look at free space and at the kernel's log first. If both are fine, look at what was written: values of many
    megabytes need dqlite 1.13 or later.
    ## References
    https://github.com/canonical/dqlite/issues/432; https://github.com/canonical/dqlite/issues/292
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a statement failed with an I/O error"
