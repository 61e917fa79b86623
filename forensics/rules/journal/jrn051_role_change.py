"""JRN051: a member cannot be given the role it should have."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("role-change",)


@rule(
    "JRN051",
    "a member cannot be given the role it should have",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/role-change",),
    silent_on=("journal/everyday",),
)
def role_change(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `change ADDRESS from spare to voter: …`, `could not assign role voter to any node`, `a configuration
    change is already in progress`.
    ## Why it matters
    The leader wants one more voter or stand-by, and nobody takes the role: the member does not answer, does not
    accept the leader's certificate, or does not catch up with the log. Until then the cluster has fewer voters than it
    seems to have members, and a change that never ends blocks every further one.
    ## False alarm if
    Once or twice while a member restarts or joins is normal; every 30 seconds is not.
    ## What to do
    See whether the named member answers on its port, whether `cluster.crt` is the same on all members, and how far
    its log is behind. A member that is gone for good: remove it.
    ## References
    canonical/go-dqlite app/app.go (maybeAdjustRoles); https://github.com/canonical/go-dqlite/issues/189
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    who = line.fields.get("address", "any member")
    return f"{who} cannot be given the role that the leader wants"
