"""JRN007: start refused: metadata1 or metadata2 is damaged."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {"metadata-damaged": ("{file} cannot be used", "metadata1 and metadata2 cannot be used")}, ended_by=A_START
)


@log_rule(
    "JRN007",
    "start refused: metadata1 or metadata2 is damaged",
    Severity.HIGH,
    fault=FaultKind.METADATA_DAMAGED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/metadata-damaged",),
)
def metadata_damaged(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What raft says of metadata1 and metadata2: a wrong size, an unknown format, two files of the same version.
    ## Why it matters
    They hold the term and the vote. Without a valid one the node forgets in which term it voted, and for whom.
    ## What to do
    Keep both files. Of those that can be read, the one with the larger version counts.
    ## References
    canonical/dqlite src/raft/uv_metadata.c; docs/reference/metadata.md#metadata1-and-metadata2
    """
    return findings_of(case, CAUSE)
