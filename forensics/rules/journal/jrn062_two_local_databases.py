"""JRN062: an old and a new local database are both there."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"two-local-databases": "LXD's old and new local database (lxd.db, local.db) are both there"})


@log_rule(
    "JRN062",
    "an old and a new local database are both there",
    Severity.HIGH,
    fault=FaultKind.VERSION,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/two-local-databases",),
)
def two_local_databases(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's `Both legacy and new local database files exists`: lxd.db beside database/local.db.
    ## Why it matters
    LXD 3.0 moves lxd.db to database/local.db once. If that is interrupted (by a full disk), both are there. LXD
    does not choose between them, and does not start.
    ## What to do
    Copy /var/lib/lxd whole. Look at both files (`sqlite3 FILE .tables`): the one with containers and pools is the
    old one. If the migration never finished, move the half-made file away, and the directory `global` that came
    with it.
    ## References
    https://github.com/canonical/lxd/issues/4696; docs/reference/products.md#lxd
    """
    return findings_of(case, CAUSE)
