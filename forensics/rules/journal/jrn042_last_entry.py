"""JRN042: the daemon wrote down its last log entry."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("last-entry",)


@rule(
    "JRN042",
    "the daemon wrote down its last log entry",
    Severity.INFO,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/last-entry",),
    silent_on=("journal/everyday",),
)
def last_entry(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Dqlite last entry` with term and index, written at shutdown.
    ## Why it matters
    Term first, then index, decide which member is the most up to date; this line tells them without the directory.
    ## False alarm if
    It is as old as the shutdown that wrote it.
    ## What to do
    Compare it over all members before choosing the one to recover from.
    ## References
    PEERS, finding 7; canonical/lxd lxd/daemon.go
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    index, term = line.fields.get("index", line.fields.get("index2")), line.fields.get("term", line.fields.get("term2"))
    return f"at its last shutdown the log ended with term {term}, index {index}"
