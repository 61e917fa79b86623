"""JRN060: k3s gave the node another identity."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "node-id-reset": "the node's id was changed from {old_id} to {new_id}",
        "directory-moved-away": "the cluster does not know this node: its old files were moved away",
    }
)


@log_rule(
    "JRN060",
    "k3s gave the node another identity",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY,
    effect=Effect.ATTENTION,
    fires_on=("journal/node-id-reset",),
)
def node_id_reset(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `reseting node ID from … to …` and `cleaned DB directory, now restart and join`: k3s found its address in the
    cluster under another id than its node-id file has, or not at all although raft files were there.
    ## Why it matters
    An id belongs to one log forever: votes and entries were given under it. If files that were written under one
    id are started under another, the others take the member for somebody else. k3s moves the files of a node that
    the cluster does not know to `.backup-<time>`, and waits for a restart.
    ## What to do
    Compare node-id with the cluster's members. Restart the server once, as the line asks. If it comes again, move
    the whole state.dqlite directory of this node away (never that of the last healthy one), and let the node join
    anew.
    ## References
    k3s-io/k3s pkg/dqlite/join.go; https://github.com/k3s-io/k3s/issues/1230; docs/reference/raft.md#bootstrap-and-ids
    """
    return findings_of(case, CAUSE)
