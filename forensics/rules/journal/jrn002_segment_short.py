"""JRN002: start refused: a closed segment has too few entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.ingest.raft_names import parse_closed
from forensics.parsers.journal_line import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule


def _with_promise(line: JournalLine) -> JournalLine:
    """The number that the line says, else the one in the segment's name: the line's end may be cut off."""
    name = parse_closed(str(line.named.get("file", "")))
    if "expected_entries" in line.named or name is None or name.last < name.first:
        return line
    return replace(line, named=line.named | {"expected_entries": name.last - name.first + 1})


CAUSE = Cause(
    {
        "segment-too-few-entries": (
            "{file} has {entries} entries, but its name promises {expected_entries}",
            "a closed segment has {entries} entries, but its name promises {expected_entries}",
            "{file} has fewer entries than its name promises",
        )
    },
    refine=_with_promise,
    ended_by=A_START,
)


@log_rule(
    "JRN002",
    "start refused: a closed segment has too few entries",
    Severity.HIGH,
    fault=FaultKind.LOG_DAMAGED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/segment-short",),
)
def segment_short(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    raft's `found N entries (expected M)`. Where the end of the line is cut off, M comes from the segment's name.
    ## Why it matters
    The file's name promises a range of entries, and the file ends before the last of them. Old versions lost the
    last entry when they closed a segment: one is missing. A cut copy or a full disk can lose more.
    ## What to do
    Copy the whole directory of every node before anything is changed, and compare last term and last index with the
    other members. If this is the newest segment and a majority holds its entries, moving it away loses nothing. A
    node that is alone loses the entries behind the last readable one.
    ## References
    https://github.com/canonical/dqlite/issues/190; https://github.com/k3s-io/k3s/issues/1639;
    docs/reference/segments.md#closed-segments
    """
    return findings_of(case, CAUSE)
