"""JRN027: a member is not known to the cluster."""

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
        "member-unknown": ("the cluster does not know {member}", "the cluster does not know a node"),
        **kinds(Kind.MEMBER_UNKNOWN),
    }
)


@log_rule(
    "JRN027",
    "a member is not known to the cluster",
    Severity.MEDIUM,
    fault=FaultKind.IDENTITY,
    effect=Effect.ATTENTION,
    fires_on=("journal/member-unknown",),
)
def member_unknown(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    An address or a name that is neither in the configuration nor in the truststore.
    ## Why it matters
    The node was removed, or has another address than when it joined, or asks the members of another cluster.
    ## False alarm if
    The node was removed a moment ago, and its own daemon was still running.
    ## What to do
    Compare info.yaml with cluster.yaml and with the truststore of the other members. A node that was removed must
    be reset before it joins again.
    ## References
    canonical/go-dqlite app/app.go; canonical/microcluster internal/rest/resources;
    docs/reference/microcluster.md#tables
    """
    return findings_of(case, CAUSE)
