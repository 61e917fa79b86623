"""JRN035: the datastore could not be opened for its first query."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("kine-migration",)


@rule(
    "JRN035",
    "the datastore could not be opened for its first query",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/kine-migration",),
    silent_on=("journal/everyday",),
)
def kine_migration(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `building kine: …`, `failed to migrate DB from sqlite: COUNT(*)`, LXD's `force initial raft log replay: …`.
    ## Why it matters
    The first query after the start failed: nearly always because there is no leader (membership, addresses), seldom
    because of the data.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Check the membership first: members in cluster.yaml that no longer exist, the founder's entry at an old address,
    voters that do not run.
    ## References
    https://github.com/canonical/microk8s/issues/1604
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the datastore could not be opened"
