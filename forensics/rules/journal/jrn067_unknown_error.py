"""JRN067: errors that this tool does not know."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(kinds(Kind.UNKNOWN))


@log_rule(
    "JRN067",
    "errors that are not known to this tool",
    Severity.LOW,
    fault=FaultKind.SERVICE,
    effect=Effect.NONE,
    consequence=True,
    fires_on=("journal/unknown-error",),
)
def unknown_error(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines of dqlite, and of what carries it, that are written as errors and that nothing here knows: neither their text
    nor the kind of their cause. Lines that differ in numbers alone are counted together. The layer they are of (raft,
    dqlite, go-dqlite, SQLite, kine, TLS, the product, snap, systemd) is told by what they name, else by who wrote them.
    ## Why it matters
    It may be what somebody asks about. To leave it out would look as if all were well.
    ## False alarm if
    The service writes such lines while all is well.
    ## What to do
    Read the quoted lines. Collect the state directory and the journal of the service, and analyse these.
    ## References
    docs/reference/start.md#order-of-events
    """
    return findings_of(case, CAUSE)
