"""JRN056: SQLite inside dqlite reports an I/O error."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"sqlite-io-error": "a statement failed with an I/O error"}, ended_by=A_START)


@log_rule(
    "JRN056",
    "SQLite inside dqlite reports an I/O error",
    Severity.MEDIUM,
    fault=FaultKind.DISK_ERRORS,
    effect=Effect.DEGRADED,
    fires_on=("journal/sqlite-io",),
)
def sqlite_io(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    SQLite's `disk I/O error`, as dqlite's clients get it.
    ## Why it matters
    dqlite's SQLite works in memory, so it need not be the disk that failed. Raft could not write the entry (a full
    or failing disk), the leader changed during the query, or the transaction was too large for an old version.
    ## What to do
    Look at free space and at the kernel's log first. If both are fine, look at what was written: values of many
    megabytes need dqlite 1.13 or later.
    ## References
    https://github.com/canonical/dqlite/issues/432; https://github.com/canonical/dqlite/issues/292
    """
    return findings_of(case, CAUSE)
