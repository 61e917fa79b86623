"""JRN055: a member's host name does not resolve."""

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
        "host-name-unknown": "the host name {host} does not resolve",
        **kinds(Kind.NAME_UNKNOWN),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN055",
    "a member's host name does not resolve",
    Severity.MEDIUM,
    fault=FaultKind.ADDRESS,
    effect=Effect.DEGRADED,
    fires_on=("journal/host-unknown",),
)
def host_unknown(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `lookup NAME: no such host` where dqlite listens, or connects to a member.
    ## Why it matters
    Members are known by the address that they joined with. If that is a host name, a new name for the host or a
    lost DNS entry cuts the member off, and a voter that is alone cannot elect itself.
    ## What to do
    Make the name resolve on every node (an entry in /etc/hosts is enough), then restart. For good, give members IP
    addresses.
    ## References
    canonical/go-dqlite internal/protocol/connector.go; https://github.com/canonical/microk8s/issues/5524
    """
    return findings_of(case, CAUSE)
