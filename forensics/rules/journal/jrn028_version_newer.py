"""JRN028: the database was written by a newer version."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "database-too-new": (
            "the database's schema is at version {version}, but this daemon knows only {known_version}",
            "the database's schema is of another version than this daemon's",
        )
    },
    ended_by=A_START,
)


@log_rule(
    "JRN028",
    "the database was written by a newer version",
    Severity.HIGH,
    fault=FaultKind.VERSION,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/version-newer",),
)
def version_newer(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    A schema version that is newer than the daemon expects.
    ## Why it matters
    The daemon was downgraded, or a snap refresh was reverted, after the schema had changed. It does not start with
    such a database.
    ## False alarm if
    The members were being refreshed one after the other, and this one was still old.
    ## What to do
    Refresh the node to the version of the others (`snap list` on each). Do not edit the schema table.
    ## References
    canonical/microcluster internal/db/update; canonical/lxd lxd/db/schema; docs/reference/microcluster.md#tables
    """
    return findings_of(case, CAUSE)
