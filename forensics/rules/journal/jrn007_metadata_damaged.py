"""JRN007: start refused: metadata1 or metadata2 is not what it must be."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("metadata",)


@rule(
    "JRN007",
    "start refused: metadata1 or metadata2 is not what it must be",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/metadata-damaged",),
    silent_on=("journal/everyday",),
)
def metadata_damaged(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with raft's texts about metadata1 and metadata2: size, equal versions, format.
    ## Why it matters
    They hold term and vote. Without a valid one the node forgets in which term it voted.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Keep both files. The one that reads well, with the larger version, is the one that counts.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; FACTS 1.3
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return f"{line.fields.get('file', 'metadata1 and metadata2')} cannot be used"
