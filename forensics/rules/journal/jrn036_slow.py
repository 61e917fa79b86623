"""JRN036: queries to the datastore fail or time out."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("slow", "query-cancelled")


@rule(
    "JRN036",
    "queries to the datastore fail or time out",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/slow", "journal/query-cancelled"),
    silent_on=("journal/everyday",),
)
def slow(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `error in txn`, `error while range on`, `context deadline exceeded`, `database is locked`, `failed to list
    /registry/…`, leases that cannot be renewed.
    ## Why it matters
    The datastore answers too late or not at all: no stable leader, slow disks or network, a database that has grown
    large (each snapshot then stalls it), or a join that cannot complete.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. A few such lines at a restart are normal; queries that their client cancelled
    (`context canceled`) are `low`: every restart of the API server makes some.
    ## What to do
    Look at the size of the newest snapshot and the interval between snapshots, at the closed segments (many small
    ones: restarts or elections), at disk latency, and for members that do not exist any more.
    ## References
    https://github.com/canonical/microk8s/issues/3227; https://github.com/canonical/microk8s/issues/4374
    """
    yield from findings_of(case, CODES, _describe, {"query-cancelled": Severity.LOW})


def _describe(line: JournalLine) -> str:
    if line.code == "query-cancelled":
        return "queries were cancelled by those who asked"
    return "queries fail or time out"
