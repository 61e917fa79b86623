"""JRN004: start refused: the log ends before the newest snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("log-behind-snapshot",)


@rule(
    "JRN004",
    "start refused: the log ends before the newest snapshot",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/log-behind-snapshot",),
    silent_on=("journal/everyday",),
)
def log_behind_snapshot(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with raft's `last entry on disk has index A, which is behind last snapshot's index S`.
    ## Why it matters
    raft 0.10.0 to 0.11.1 numbered an open segment from 1 instead of behind the snapshot when no closed segment was
    left (after a snapshot came from the leader). The segment then carries wrong indexes in its name.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Keep the directory. The mis-numbered segment's content belongs behind the snapshot, or is older than it: with a
    healthy majority, move it aside and let the node catch up; upgrade.
    ## References
    https://github.com/canonical/raft/issues/199; https://github.com/canonical/raft/pull/218
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return (
        f"the log ends at index {line.fields['found']}, before the snapshot's {line.fields['expected']}: "
        "a segment carries wrong indexes in its name"
    )
