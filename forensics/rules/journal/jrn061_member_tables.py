"""JRN061: raft and the product's own table name different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause({"member-tables-differ": "raft and the product's own table do not name the same members"})


@log_rule(
    "JRN061",
    "raft and the product's own table name different members",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    effect=Effect.ATTENTION,
    fires_on=("journal/member-tables",),
)
def member_tables(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    LXD's and Incus' `Unaccounted raft node(s) not found in 'nodes' table`, `Empty raft node set received`, `No
    available raft ID for cluster member`; microcluster's `No dqlite record exists for …`.
    ## Why it matters
    A member that only raft knows still counts for the majority, and no command of the product shows or removes it.
    A join stopped half-way, or a removal reached only one of the two tables.
    ## False alarm if
    A member was joining or being removed: the two tables are not written together, and differ for seconds.
    ## What to do
    Compare `SELECT * FROM raft_nodes` of the product's local database (or cluster.yaml) with `SELECT * FROM nodes` of
    its global one. What only raft has is removed with `cluster remove --force` of its client, or with `cluster
    remove-raft-node ADDRESS` of its daemon.
    ## References
    canonical/lxd lxd/cluster/heartbeat.go; https://github.com/canonical/lxd/issues/6313;
    docs/reference/products.md#lxd
    """
    return findings_of(case, CAUSE)
