"""JRN017: a table that must be there is missing."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("table-missing",)


@rule(
    "JRN017",
    "a table that must be there is missing",
    Severity.HIGH,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/table-missing",),
    silent_on=("journal/everyday",),
)
def table_missing(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `no such table` for a table of kine, microcluster, LXD or Juju.
    ## Why it matters
    The database is empty, or another one: a node that bootstrapped anew instead of joining, a restored directory, or
    a log that lost its beginning.
    ## False alarm if
    During the very first start, before the schema is there. A journal tells of the past: where the node's own files
    are newer, the finding says so and is `info`.
    ## What to do
    Compare the members' configurations and first segments: which of them is the old cluster? Do not let both go on.
    ## References
    FACTS 2.9, 7.3, 8.2
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return f"the table {line.fields['found']} is missing"
