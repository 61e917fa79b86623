"""JRN031: members wait for each other's version."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("version-wait",)


@rule(
    "JRN031",
    "members wait for each other's version",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/version-wait",),
    silent_on=("journal/everyday",),
)
def version_wait(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `Wait for other cluster nodes to upgrade their versions`, `… is behind …`.
    ## Why it matters
    A daemon does not start before all members that the database knows run the same schema and API. A dead member,
    or a stale row for it, blocks all.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. Every rolling upgrade writes such lines: where the same service logged other
    things a quarter of an hour later and no more of these, it is `info`, too.
    ## What to do
    Compare the versions on all members; upgrade the one that is behind, or remove the member that is gone.
    ## References
    canonical/lxd lxd/db/cluster/open.go; https://github.com/canonical/lxd/issues/6022
    """
    yield from findings_of(case, CODES, _describe, transient=CODES)


def _describe(_line: JournalLine) -> str:
    return "members wait for others to be upgraded"
