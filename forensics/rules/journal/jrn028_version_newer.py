"""JRN028: the database was written by a newer version."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("version-newer",)


@rule(
    "JRN028",
    "the database was written by a newer version",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/version-newer",),
    silent_on=("journal/everyday",),
)
def version_newer(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A schema version that is more recent than this daemon expects.
    ## Why it matters
    The daemon was downgraded, or a snap refresh was reverted, after the schema had moved on. It does not start on it.
    ## False alarm if
    While members refresh one after the other, on those that are still old. A journal tells of the past: where the
    node's own files are newer, the finding says so and is `info`.
    ## What to do
    Refresh the node to the version of the others (`snap list` on each). Do not edit the schema table.
    ## References
    canonical/microcluster internal/db/update; canonical/lxd lxd/db/schema; FACTS 8.2
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    found, expected = line.fields.get("found"), line.fields.get("expected")
    return (
        f"the schema is at version {found}, this daemon knows {expected}"
        if found
        else "the schema is of another version"
    )
