"""JRN063: the product could not bring its database's schema up to date."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "schema-update-failed": (
            "the product's own change {patch} of its database failed",
            "the product could not bring the schema of its database up to date",
        ),
        "schema-not-ensured": "the product could not bring the schema of its database up to date",
    },
    ended_by=A_START,
)


@log_rule(
    "JRN063",
    "the product could not bring its database's schema up to date",
    Severity.HIGH,
    fault=FaultKind.VERSION,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/schema-update",),
)
def schema_update(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `failed to ensure schema: …`, `failed to apply update N`, `Failed applying patch …`, `Failed to prepare
    statements`, a patch.local.sql or patch.global.sql that failed, `missing updates: 30 -> 32`. Where `failed to ensure
    schema` wraps something that is not about a table (no leader, no answer in time, a broken connection), that is told
    instead: no schema was changed.
    ## Why it matters
    raft started and the database opened, but the product's own change of its tables failed: a row that the change
    did not expect, more rows than one transaction of dqlite takes (`locking protocol`), or tables of another
    product or version. The state directory is sound; the daemon still stops at every start.
    ## What to do
    Go back to the version that ran (`snap revert`), if its schema is still there: LXD keeps global.bak and
    local.db.bak from before the change. Read the table that the text names (`sql` of this tool). Repair the row
    with a patch.global.sql, or with a version in between.
    ## References
    canonical/lxd lxd/db/cluster/open.go, lxd/db/schema; https://github.com/canonical/lxd/issues/6322;
    https://github.com/canonical/lxd/issues/8051; https://github.com/lxc/incus/issues/2410
    """
    return findings_of(case, CAUSE)
