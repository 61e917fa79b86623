"""JRN025: this version does not read a database this old."""

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
        "database-too-old": "the database is too old for this version",
        **kinds(Kind.VERSION),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN025",
    "this version does not read a database this old",
    Severity.MEDIUM,
    fault=FaultKind.VERSION,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/upgrade-path",),
)
def upgrade_path(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Unsupported upgrade path, please first upgrade to LXD 4.0`.
    ## Why it matters
    The directory holds the layout of dqlite before 1.0.
    ## What to do
    Upgrade through the version that the message names.
    ## References
    docs/reference/products.md#lxd
    """
    return findings_of(case, CAUSE)
