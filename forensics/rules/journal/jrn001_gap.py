"""JRN001: start refused: entries are missing from the log."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "gap-after-snapshot": (
            "entries are missing between {snapshot} and {file}",
            "entries are missing between the newest snapshot and {file}",
        ),
        "segment-unexpected": "{file} lies where entry {expected_index} should come next",
        **kinds(Kind.GAP),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN001",
    "start refused: entries are missing from the log",
    Severity.HIGH,
    fault=FaultKind.LOG_INCOMPLETE,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/gap",),
)
def gap(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    raft's `closed segment … is past last snapshot …` and `unexpected closed segment …: first index should have been
    …`.
    ## Why it matters
    The log has a hole or an overlap, between two segments or between the newest snapshot and the first segment
    behind it. dqlite refuses to start, and its self-repair renames nothing in this case.
    ## False alarm if
    Somebody moved segments away one by one: that makes such holes, for each failed start can close an open segment
    into a new file.
    ## What to do
    Copy the whole directory of every node before anything is changed, and compare last term and last index with the
    other members. In a cluster, let this node take the state of a healthy member: move its directory away, and keep
    its identity files. A node that is alone can start from an older snapshot if contiguous segments follow it; the
    entries behind the hole are lost.
    ## References
    canonical/dqlite src/raft/uv.c (uvFilterSegments); https://github.com/canonical/raft/issues/57;
    https://github.com/canonical/dqlite/issues/309; docs/reference/start.md#which-segments-are-used
    """
    return findings_of(case, CAUSE)
