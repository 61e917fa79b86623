"""JRN002: start refused: a closed segment holds fewer entries than its name says."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.ingest.raft_names import parse_closed
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("segment-entries",)


@rule(
    "JRN002",
    "start refused: a closed segment holds fewer entries than its name says",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/segment-short",),
    silent_on=("journal/everyday",),
)
def segment_short(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with raft's `found N entries (expected M)`.
    ## Why it matters
    The file name promises a range; the file ends before it. Old versions lost the last entry when they closed a
    segment (always one short); a cut copy or a full disk can lose more.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Do not delete anything yet. Copy the whole directory of every node, and compare last term and last index with
    the other members. If it is the newest segment and a majority holds the entries, moving it aside loses nothing;
    on a lone node its entries behind the last readable one are lost.
    ## References
    https://github.com/canonical/dqlite/issues/190; https://github.com/k3s-io/k3s/issues/1639
    """
    yield from findings_of(case, CODES, _describe)


def _expected(line: JournalLine) -> int | None:
    """As the line says, else by the segment's name: its end may have been cut off."""
    if said := line.fields.get("expected"):
        return int(said)
    name = parse_closed(line.fields.get("file", ""))
    return name.last - name.first + 1 if name and name.first <= name.last else None


def _describe(line: JournalLine) -> str:
    found, expected = int(line.fields["found"]), _expected(line)
    if expected is None:
        return f"closed segment {line.fields.get('file', '')} is shorter than its name: {found} entries"
    short = "one entry short of its name" if expected - found == 1 else f"{expected - found} entries short of its name"
    return f"closed segment {line.fields.get('file', '')} is {short}: {found} of {expected}"
