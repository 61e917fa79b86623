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
from forensics.rules.numbers_of_text import is_text

_WORD_BYTES = 8  # all that dqlite writes into a segment has a multiple of it
_EMPTY = "segment-empty"
_TEXT = "segment-holds-text"
_OTHER_FILE = "segment-begins-with-text"
_SHIFTED = "segment-batch-shifted"


def _told_more(line: JournalLine) -> JournalLine:
    """A name that ends before it begins, numbers that are text, and a place where no batch begins say more than what
    raft met in the file.
    """
    name = parse_closed(str(line.named.get("file", "")))
    if name and name.last < name.first:
        return replace(line, code=_EMPTY)
    if is_text(int(line.named.get("entries", 0))):
        return replace(line, code=_TEXT)
    if is_text(int(line.named.get("format_version", 0))):
        return replace(line, code=_OTHER_FILE)
    return replace(line, code=_SHIFTED) if int(line.named.get("offset", 0)) % _WORD_BYTES else line


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
        _OTHER_FILE: (
            "{file} begins with text: it is another file, or was written over",
            "a segment begins with text: it is another file, or was written over",
        ),
        _SHIFTED: (
            "{file} is damaged: a batch before the one that cannot be read announces a wrong length",
            "a segment is damaged: a batch before the one that cannot be read announces a wrong length",
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
    no entries), a checksum, the format, a file that ends inside a batch. A count or a format whose bytes all read as
    text is none: another program wrote into the file, or it is another file under this name. All of what dqlite writes
    has a multiple of eight bytes: where raft looks for a batch at another place, one before it tells a wrong length.
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
    docs/reference/start.md#loading-segments; docs/reference/start.md#self-repair;
    docs/reference/segments.md#batches
    """
    return findings_of(case, CAUSE)
