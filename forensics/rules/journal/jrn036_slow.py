"""JRN036: queries to the datastore fail or time out."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.diagnose import code_of
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, Milder, findings_of, log_rule

_CANCELLED = Milder(
    Severity.LOW,
    "Nothing if they come with restarts of the API server. If they come all the time, look at the size of the "
    "newest snapshot and at disk latency.",
)
_BUSY = Milder(
    Severity.LOW,
    "Nothing if such lines are few: the statement is tried again. If they go on, look for another writer.",
)
_SLOW = Milder(
    Severity.LOW,
    "Nothing if such lines are few. If they go on, look at disk latency, at the load of the machine, and at the size "
    "of the database.",
)
CAUSE = Cause(
    {
        "query-failed": "queries fail or time out",
        "query-cancelled": "queries were cancelled by those who sent them",
        **kinds(Kind.DEADLINE, Kind.CANCELLED, Kind.BUSY, Kind.SLOW),
    },
    milder={
        "query-cancelled": _CANCELLED,
        code_of(Kind.CANCELLED): _CANCELLED,
        code_of(Kind.BUSY): _BUSY,
        code_of(Kind.SLOW): _SLOW,
    },
)


@log_rule(
    "JRN036",
    "queries to the datastore fail or time out",
    Severity.MEDIUM,
    fault=FaultKind.PERFORMANCE,
    effect=Effect.DEGRADED,
    fires_on=("journal/slow", "journal/query-cancelled"),
)
def slow(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `error in txn`, `error while range on`, `context deadline exceeded`, `database is locked`, `failed to list
    /registry/…`, leases that cannot be renewed. Queries that their client cancelled (`context canceled`) are `low`,
    and so are statements that were slow and went through (`Slow SQL`).
    ## Why it matters
    The datastore answers too late or not at all. There may be no stable leader; disks or network may be slow; the
    database may have grown so large that each snapshot stalls it; or a join cannot complete.
    ## False alarm if
    A service was restarting: a few such lines are normal then.
    ## What to do
    Look at the size of the newest snapshot and the interval between snapshots; at the closed segments (many small
    ones mean restarts or elections); at disk latency; and for members that no longer exist.
    ## References
    https://github.com/canonical/microk8s/issues/3227; https://github.com/canonical/microk8s/issues/4374;
    docs/reference/healthy.md#taking-a-snapshot
    """
    return findings_of(case, CAUSE)
