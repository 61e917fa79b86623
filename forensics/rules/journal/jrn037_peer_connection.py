"""JRN037: connections between members break."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "peer-connection-broken": "a connection between members broke",
        **kinds(Kind.CONNECTION_LOST),
    }
)


@log_rule(
    "JRN037",
    "connections between members break",
    Severity.LOW,
    fault=FaultKind.NO_LEADER,
    effect=Effect.NONE,
    consequence=True,
    fires_on=("journal/peer-connection",),
)
def peer_connection(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `dqlite: proxy: … connection reset by peer`, `driver: bad connection`, `Error during dqlite proxy copy`.
    ## Why it matters
    The other side went away in the middle: it restarted, refused the certificate, or does not know this member any
    more.
    ## False alarm if
    A member was restarting: single lines are normal then.
    ## What to do
    See whether the other member's log shows a restart at that time, and compare the membership on both sides.
    ## References
    https://github.com/canonical/microk8s/issues/1880
    """
    return findings_of(case, CAUSE)
