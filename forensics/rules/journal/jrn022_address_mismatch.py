"""JRN022: the node's address is not the one in info.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {"address-mismatch": "info.yaml has the address {address}, but the node was started with {start_address}"},
    ended_by=A_START,
)


@log_rule(
    "JRN022",
    "the node's address is not the one in info.yaml",
    Severity.HIGH,
    fault=FaultKind.ADDRESS,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/address-mismatch",),
)
def address_mismatch(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `address "a" in info.yaml does not match "b"`.
    ## Why it matters
    The machine's address or host name changed, or the directory was copied from another node. Raft knows members by
    the address in its configuration: the others do not reach the node, and a voter that is alone cannot elect
    itself.
    ## What to do
    Give the machine its old address again, or change the membership with the product's own means (k8s-dqlite:
    update.yaml; MicroK8s: restore-quorum; microcluster: cluster recover), on one node, while the others are
    stopped.
    ## References
    canonical/go-dqlite app/app.go; docs/reference/go-dqlite.md#what-the-files-mean
    """
    return findings_of(case, CAUSE)
