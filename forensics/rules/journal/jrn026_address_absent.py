"""JRN026: the address to listen on is not this machine's."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "address-absent": (
            "{address} is on no interface of this machine",
            "no interface of this machine has a suitable address",
        ),
        **kinds(Kind.ADDRESS),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN026",
    "the address to listen on is not this machine's",
    Severity.HIGH,
    fault=FaultKind.ADDRESS,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/address-absent",),
)
def address_absent(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `cannot assign requested address` where a node binds or listens, and `no suitable net.Interface found`.
    ## Why it matters
    The address in info.yaml is on no interface: the machine's address changed, the interface is not up, or the
    directory came from another machine. The node cannot take part; the others look for it at the old address.
    ## False alarm if
    It was early at boot, before the network was up, and a later start succeeded.
    ## What to do
    Compare `ip addr` with info.yaml. Give the machine the address again, or change the membership with the
    product's own means (k8s-dqlite: update.yaml; microcluster: cluster recover), on one node, while the others are
    stopped.
    ## References
    canonical/go-dqlite app/app.go; bind(2); docs/reference/go-dqlite.md#what-the-files-mean
    """
    return findings_of(case, CAUSE)
