"""JRN003: start refused: a segment is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.ingest.raft_names import parse_closed
from forensics.parsers.errors.kind import Kind
from forensics.parsers.journal_line import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

_EMPTY = "segment-empty"
_TEXT = "segment-holds-text"


def _told_more(line: JournalLine) -> JournalLine:
    """A name that ends before it begins, and a count that is text, say more than what raft met in the file."""
    name = parse_closed(str(line.named.get("file", "")))
    if name and name.last < name.first:
        return replace(line, code=_EMPTY)
    return replace(line, code=_TEXT) if _is_text(int(line.named.get("entries", 0))) else line


def _is_text(number: int) -> bool:
    """All eight bytes of a 64-bit number, the first one lowest as on disk, are letters, digits or marks."""
    return number.bit_length() <= 64 and all(0x20 <= byte < 0x7F for byte in number.to_bytes(8, "little"))


CAUSE = Cause(
    {
        "segment-zeros": (
            "{file} is damaged: it holds zeros where a batch should be",
            "a segment is damaged: it holds zeros where a batch should be",
        ),
        "segment-count-high": (
            "{file} is damaged: a batch announces more entries than it can hold",
            "a segment is damaged: a batch announces more entries than it can hold",
        ),
        _TEXT: (
            "{file} is damaged: text stands where a batch should begin",
            "a segment is damaged: text stands where a batch should begin",
        ),
        "segment-checksum": (
            "{file} is damaged: a checksum does not match",
            "a segment is damaged: a checksum does not match",
        ),
        "segment-format": (
            "{file} is damaged: its first word is no known format",
            "a segment is damaged: its first word is no known format",
        ),
        "segment-cut": "{file} is cut short: it ends inside a batch",
        _EMPTY: "{file} holds no entries: its name ends before it begins",
        **kinds(Kind.CHECKSUM),
    },
    refine=_told_more,
    ended_by=A_START,
)


@log_rule(
    "JRN003",
    "start refused: a segment is damaged",
    Severity.HIGH,
    fault=FaultKind.LOG_DAMAGED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/segment-damaged",),
)
def segment_damaged(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What raft says of a batch that it cannot read: a count of zero (the rest of the file is zeros, or the file has
    no entries), a checksum, the format, a file that ends inside a batch. A count whose bytes all read as text is none:
    another program wrote into the file, or it is another file under this name.
    ## Why it matters
    dqlite cannot read the segment. Since raft 0.14, a start moves the last closed segment away if a checksum or a
    count is wrong, and goes on without its entries. A file that is merely cut is never repaired.
    ## False alarm if
    The name ends before it begins (`1025-1024`): such a file never had entries, and moving it away loses nothing.
    ## What to do
    Copy the whole directory of every node before anything is changed, and compare last term and last index with the
    other members. Look at the named file: if only zeros follow from the named byte on, the entries before it are
    good.
    ## References
    canonical/dqlite src/raft/uv_segment.c; https://github.com/canonical/raft/issues/192;
    docs/reference/start.md#loading-segments; docs/reference/start.md#self-repair
    """
    return findings_of(case, CAUSE)
