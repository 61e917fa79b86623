"""JRN003: start refused: a segment is damaged."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.ingest.raft_names import parse_closed
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("segment-zeros", "segment-count", "segment-checksum", "segment-format", "segment-short")


@rule(
    "JRN003",
    "start refused: a segment is damaged",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/segment-damaged",),
    silent_on=("journal/everyday",),
)
def segment_damaged(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with raft's texts about a bad batch: zero count (a tail of zeros, or a file without entries), checksum,
    format, a file that ends inside a batch.
    ## Why it matters
    dqlite cannot read the segment. From raft 0.14 on, the last closed segment is set aside on a checksum or count
    error and the node starts without its entries; a file that is merely cut is never repaired.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. A name whose end lies before its start (`1025-1024`) is a file without
    entries: moving it aside loses nothing.
    ## What to do
    Do not delete anything yet. Copy the whole directory of every node, and compare last term and last index with
    the other members. Look at the named file: if its tail is zeros from the named byte on, the entries before it
    are good.
    ## References
    canonical/dqlite src/raft/uv_segment.c; https://github.com/canonical/raft/issues/192
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    name = line.fields.get("file")
    closed = parse_closed(name) if name else None
    segment = f"segment {name}" if name else "a segment"
    if closed and closed.last < closed.first:
        return f"closed segment {name} has an inverted range and no entries: it blocks the start and holds no data"
    if line.code == "segment-zeros":
        where = f" from batch {line.fields['batch']} at byte {line.fields['byte']} on" if "batch" in line.fields else ""
        return f"{segment} is bad{where}: zero bytes where a batch should be (a tail never written)"
    return f"{segment} is damaged"
