"""JRN063: the product could not bring its database's schema up to date."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("schema-update",)


@rule(
    "JRN063",
    "the product could not bring its database's schema up to date",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/schema-update",),
    silent_on=("journal/everyday",),
)
def schema_update(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `failed to ensure schema: …`, `failed to apply update N`, `Failed applying patch …`, `Failed to prepare statements`,
    a patch.local.sql or patch.global.sql that failed, `missing updates: 30 -> 32`.
    ## Why it matters
    raft started, the database opened, and the product's own change of its tables failed: a row that the change did not
    expect, more rows than one transaction of dqlite takes (`locking protocol`), tables of another product or version.
    The state directory is sound; the daemon stops all the same, at every start.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Go back to the version that ran (`snap revert`), where its schema is still there: LXD keeps global.bak and
    local.db.bak from before the change. Read the table that the text names (`sql` of this tool); repair the row with a
    patch.global.sql, or with the version in between.
    ## References
    canonical/lxd lxd/db/cluster/open.go, lxd/db/schema; https://github.com/canonical/lxd/issues/6322;
    https://github.com/canonical/lxd/issues/8051; https://github.com/lxc/incus/issues/2410
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if patch := line.fields.get("patch"):
        return f"the product's own change {patch} of its database failed"
    return "the schema of the product's database could not be brought up to date"
