"""JRN015: a database says that it is malformed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("database-malformed",)


@rule(
    "JRN015",
    "a database says that it is malformed",
    Severity.HIGH,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/database-malformed",),
    silent_on=("journal/everyday",),
)
def database_malformed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    SQLite's own words: `database disk image is malformed`, `file is not a database`, a failed `PRAGMA quick_check`.
    ## Why it matters
    Pages of the database are damaged or belong to another state. Raft carries such pages to every member and into the
    next snapshot: restarting does not help, and a leader with a sound copy must take over before that is lost.
    ## False alarm if
    `integrity_check` on the content (rules DB001, DB002) is the better witness where content arrived. A journal tells
    of the past: where the node's own files are newer, the finding says so and is `info`.
    ## What to do
    Stop writing. Compare the members (`diff`, `extract` and integrity_check on each). Recover from a member, or a
    backup, whose database is sound; do not let the damaged one lead.
    ## References
    canonical/dqlite src/vfs.c, src/fsm.c (quick_check since 1.18.3); FACTS 2.8
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_: JournalLine) -> str:
    return "a database is malformed"
