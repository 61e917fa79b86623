"""JRN064: a member does not answer."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import AN_ANSWER
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "member-silent": ("{member} does not answer", "a member does not answer"),
        **kinds(Kind.REFUSED, Kind.UNREACHABLE),
    },
    ended_by=AN_ANSWER,
)


@log_rule(
    "JRN064",
    "a member does not answer",
    Severity.LOW,
    fault=FaultKind.NO_LEADER,
    effect=Effect.NONE,
    consequence=True,
    fires_on=("journal/member-silent",),
)
def member_silent(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Addresses to which no connection comes up, and heartbeats that fail: `attempt N: server … dial: …`, `server
    unavailable err=…`, `Failed heartbeat`.
    ## Why it matters
    It says which address. If that is this machine's own, or one that no machine has any more, an address was
    changed. If it is a member's, that member is down, cut off or overloaded.
    ## False alarm if
    The member was restarting, or is switched off on purpose.
    ## What to do
    Compare the address with those of the machines (`ip addr`), and with cluster.yaml or raft_nodes. Then look at
    that member's own log.
    ## References
    canonical/go-dqlite internal/protocol/connector.go; https://github.com/canonical/lxd/issues/10818
    """
    return findings_of(case, CAUSE)
