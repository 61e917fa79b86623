"""JRN051: a member cannot be given the role it should have."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "role-change-failed": (
            "{address} cannot be given the role that the leader wants",
            "no member can be given the role that the leader wants",
        )
    }
)


@log_rule(
    "JRN051",
    "a member cannot be given the role it should have",
    Severity.MEDIUM,
    fault=FaultKind.ROLES,
    effect=Effect.DEGRADED,
    fires_on=("journal/role-change",),
)
def role_change(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `change ADDRESS from spare to voter: …`, `could not assign role voter to any node`, `a configuration
    change is already in progress`.
    ## Why it matters
    The leader wants one more voter or stand-by, and no member takes the role: it does not answer, does not accept
    the leader's certificate, or does not catch up with the log. Until then the cluster has fewer voters than its
    members suggest. A change that never ends blocks every further one.
    ## False alarm if
    A member was restarting or joining: once or twice is normal then, every 30 seconds is not.
    ## What to do
    See whether the named member answers on its port, whether `cluster.crt` is the same on all members, and how far
    its log is behind. Remove a member that is gone for good.
    ## References
    canonical/go-dqlite app/app.go (maybeAdjustRoles); https://github.com/canonical/go-dqlite/issues/189
    """
    return findings_of(case, CAUSE)
