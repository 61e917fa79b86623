"""JRN006: start refused: a snapshot cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "snapshot-meta-checksum": "{file} is damaged: its checksum does not match",
        "snapshot-unreadable": "the newest snapshot is damaged, or of a format that this version does not read",
        "snapshot-compressed": "the newest snapshot is compressed, which this build of dqlite cannot read",
    },
    ended_by=A_START,
)


@log_rule(
    "JRN006",
    "start refused: a snapshot cannot be read",
    Severity.HIGH,
    fault=FaultKind.SNAPSHOT_DAMAGED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/snapshot-unreadable",),
)
def snapshot_unreadable(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LZ4 errors (`contentChecksum_invalid`, `decompressionFailed`, `frameType_unknown`), `LZ4 not available`, a
    `.meta` whose checksum does not match, a compressed file that is too short.
    ## Why it matters
    dqlite tries only the newest snapshot, and never the one before it. The message may not name the file: it is the
    one with the largest term and index.
    ## False alarm if
    The text is `frameType_unknown` and the snapshot is not compressed: Incus and raft before 0.11 write such
    snapshots, and dqlite 1.18.3 and later do not read them. Such a file is not damaged.
    ## What to do
    Keep the snapshot, whatever you do. If the one before it is complete, with all segments from there on, move the
    newest pair (data and .meta) away: the node then starts without loss. Otherwise let the node take its state from
    a healthy member.
    ## References
    canonical/dqlite src/raft/uv_snapshot.c; https://github.com/canonical/microk8s/issues/3485;
    docs/reference/start.md#the-newest-snapshot; docs/reference/snapshots.md#snapshot-data
    """
    return findings_of(case, CAUSE)
