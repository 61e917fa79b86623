"""JRN062: an old and a new local database are both there."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("two-local-databases",)


@rule(
    "JRN062",
    "an old and a new local database are both there",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/two-local-databases",),
    silent_on=("journal/everyday",),
)
def two_local_databases(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Both legacy and new local database files exists`: lxd.db beside database/local.db.
    ## Why it matters
    LXD 3.0 moves lxd.db to database/local.db once. Where that was interrupted (a full disk), both are there; LXD does
    not choose between them, and does not start.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Copy /var/lib/lxd whole. Look at both (`sqlite3 FILE .tables`): the one with containers and pools is the old one. If
    the migration never ran through, move the half-made one, and the directory `global` that came with it, aside.
    ## References
    https://github.com/canonical/lxd/issues/4696; FACTS 9.1
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "LXD's old and new local database (lxd.db, local.db) are both there: a migration was interrupted"
