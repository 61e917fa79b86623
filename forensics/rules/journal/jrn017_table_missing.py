"""JRN017: a table that must be there is missing."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "table-missing": "the table {table} is missing",
        **kinds(Kind.TABLE_MISSING),
    }
)


@log_rule(
    "JRN017",
    "a table that must be there is missing",
    Severity.HIGH,
    fault=FaultKind.DATABASE_DAMAGED,
    effect=Effect.DEGRADED,
    fires_on=("journal/table-missing",),
)
def table_missing(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `no such table` for a table of kine, microcluster, LXD or Juju.
    ## Why it matters
    The database is empty, or it is another one: the node bootstrapped a new cluster and did not join, somebody
    restored a directory, or the log lost its beginning.
    ## False alarm if
    It was the very first start, before the tables were made.
    ## What to do
    Compare the members' configurations and first segments: which of them is the old cluster? Do not let both run.
    ## References
    docs/reference/start.md#bootstrap; docs/reference/k8s-dqlite.md#the-kine-table;
    docs/reference/microcluster.md#tables
    """
    return findings_of(case, CAUSE)
