"""JRN061: raft and the product's own table name different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("member-tables",)


@rule(
    "JRN061",
    "raft and the product's own table name different members",
    Severity.LOW,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/member-tables",),
    silent_on=("journal/everyday",),
)
def member_tables(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's and Incus' `Unaccounted raft node(s) not found in 'nodes' table`, `Empty raft node set received`, `No
    available raft ID for cluster member`; microcluster's `No dqlite record exists for …`.
    ## Why it matters
    A member that only raft knows still counts for the majority, and no command of the product shows or removes it: a
    join that stopped half-way, or a removal that reached one of the two tables.
    ## False alarm if
    For seconds at every join and removal: the two tables are not written together. A journal tells of the past: where
    the node's own files are newer, the finding says so and is `info`.
    ## What to do
    Compare `lxd sql local "SELECT * FROM raft_nodes"` (or cluster.yaml) with `lxd sql global "SELECT * FROM nodes"`.
    What only raft has is removed with `lxc cluster remove --force`, or `lxd cluster remove-raft-node ADDRESS`.
    ## References
    canonical/lxd lxd/cluster/heartbeat.go; https://github.com/canonical/lxd/issues/6313
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "raft and the product's table of members do not name the same members"
