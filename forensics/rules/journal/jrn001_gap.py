"""JRN001: start refused: entries are missing between segments or after the snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("gap-after-snapshot", "segment-unexpected")


@rule(
    "JRN001",
    "start refused: entries are missing between segments or after the snapshot",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/gap",),
    silent_on=("journal/everyday",),
)
def gap(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines with raft's `closed segment … is past last snapshot …` or `unexpected closed segment …: first index should
    have been …`.
    ## Why it matters
    The log has a hole (or an overlap): entries between two segments, or between the newest snapshot and the first
    segment behind it, are not there. dqlite refuses to start, and its self-repair renames nothing in this case.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. Moving segments aside one by one makes such holes itself: each failed start
    may close an open segment into a new file.
    ## What to do
    Do not delete anything yet. Copy the whole directory of every node, and compare last term and last index with
    the other members. In a cluster: let this node take the state of a healthy member (its directory moved aside,
    identity files kept). A lone node: an older snapshot with contiguous segments behind it may be a point to start
    from; what lies behind the hole is lost.
    ## References
    canonical/dqlite src/raft/uv.c (uvFilterSegments); https://github.com/canonical/raft/issues/57;
    https://github.com/canonical/dqlite/issues/309
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if line.code == "segment-unexpected":
        return f"segment {line.fields['file']} was found where index {line.fields['expected']} should begin"
    snapshot = line.fields.get("snapshot", "the newest snapshot")
    return f"entries are missing (a gap) between {snapshot} and segment {line.fields['file']}"
