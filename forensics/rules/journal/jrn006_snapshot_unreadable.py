"""JRN006: start refused: a snapshot cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("snapshot-data", "snapshot-meta")


@rule(
    "JRN006",
    "start refused: a snapshot cannot be read",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/snapshot-unreadable",),
    silent_on=("journal/everyday",),
)
def snapshot_unreadable(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with LZ4 errors (`contentChecksum_invalid`, `decompressionFailed`, `frameType_unknown`), a `.meta`
    checksum mismatch, or a compressed file that is too short.
    ## Why it matters
    dqlite tries only the newest snapshot and never falls back to the one before. The message does not name the
    file: it is the one with the largest term and index.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. `frameType_unknown` also comes from an uncompressed snapshot (Incus, raft
    before 0.11) under dqlite 1.18.3 or later: that one is not damaged.
    ## What to do
    Do not delete it. If the snapshot before it and the segments from it on are complete, moving the newest pair
    (data and .meta) aside lets the node start without loss; else let the node take its state from a healthy member.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; https://github.com/canonical/microk8s/issues/3485
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if line.code == "snapshot-meta":
        return f"{line.fields['file']} is corrupt (checksum)"
    what = line.fields.get("found") or line.fields.get("without") or "too short"
    return f"the newest snapshot is corrupt or of a format that this version does not read ({what})"
