"""JRN025: this version does not read a database this old."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("upgrade-path",)


@rule(
    "JRN025",
    "this version does not read a database this old",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/upgrade-path",),
    silent_on=("journal/everyday",),
)
def upgrade_path(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Unsupported upgrade path, please first upgrade to LXD 4.0`.
    ## Why it matters
    The directory holds the layout of dqlite before 1.0.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Upgrade through the version that the message names.
    ## References
    FACTS 9.1
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the database is too old for this version"
