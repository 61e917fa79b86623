"""JRN045: the leader changed under a query."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("leadership-lost",)


@rule(
    "JRN045",
    "the leader changed under a query",
    Severity.LOW,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/leadership-lost",),
    silent_on=("journal/everyday",),
)
def leadership_lost(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `leadership lost` and its relatives: a query met a node that is no longer the leader.
    ## Why it matters
    One is daily life. Many in a row are an unstable cluster: slow disks, a lost member, or an overloaded node.
    ## False alarm if
    At every restart and every hand-over. A journal tells of the past: where the node's own files are newer, the
    finding says so and is `info`.
    ## What to do
    Where there are many: look at disk latency, at members that are gone, and at the load.
    ## References
    canonical/dqlite src/leader.c; canonical/go-dqlite driver
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_: JournalLine) -> str:
    return "a query met a node that was no longer the leader"
