"""JRN015: a database says that it is malformed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "database-malformed": "a database is malformed",
        **kinds(Kind.DATABASE_MALFORMED),
    }
)


@log_rule(
    "JRN015",
    "a database says that it is malformed",
    Severity.HIGH,
    fault=FaultKind.DATABASE_DAMAGED,
    effect=Effect.DEGRADED,
    fires_on=("journal/database-malformed",),
)
def database_malformed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    SQLite's own words: `database disk image is malformed`, `file is not a database`, a failed `PRAGMA quick_check`.
    ## Why it matters
    Pages of the database are damaged, or belong to another state. Raft carries such pages to every member and into
    the next snapshot, so a restart does not help. If one member still has a sound copy, it must become leader
    before that copy is lost.
    ## False alarm if
    The content arrived and DB001 and DB002 found it sound: `integrity_check` is the better witness.
    ## What to do
    Stop writing. Compare the members: `diff`, then `extract` and `integrity_check` on each. The data has
    to come from a member or a backup whose database is sound; do not let the damaged one be elected leader.
    ## References
    canonical/dqlite src/vfs.c, src/fsm.c (quick_check since 1.18.3); docs/reference/start.md#after-loading
    """
    return findings_of(case, CAUSE)
