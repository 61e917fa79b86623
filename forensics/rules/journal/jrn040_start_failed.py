"""JRN040: start failed in raft."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("start-failed",)


@rule(
    "JRN040",
    "start failed in raft",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/start-failed",),
    silent_on=("journal/everyday",),
)
def start_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines where `raft_start():`, `raft_init():` or `raft_bootstrap():`, or a product's `Failed to start dqlite server`,
    carries a text that is none of the known ones.
    ## Why it matters
    The node does not start; the text says why, in the library's words.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Keep the directory; compare the text with the forecast of this report.
    ## References
    canonical/dqlite src/server.c
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the node did not start"
