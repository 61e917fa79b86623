"""JRN041: a recovery was run."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("recovery",)


@rule(
    "JRN041",
    "a recovery was run",
    Severity.INFO,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/recovery",),
    silent_on=("journal/everyday",),
)
def recovery(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `Recovery tarball located`, `raft_recover()`, k8s-dqlite's `will update address of dqlite node`.
    ## Why it matters
    A forced membership change rewrites the raft configuration. Run on more than one node it makes two histories.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Make sure that it was run once, on one node, and that the others took that node's directory.
    ## References
    https://github.com/canonical/lxd/issues/13524
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a forced membership change was made"
