"""JRN065: a file cannot be used: malformed, cut, not there, or refused."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(kinds(Kind.MALFORMED, Kind.FILE_MISSING, Kind.CONFIGURATION))


@log_rule(
    "JRN065",
    "a file or a configuration cannot be used",
    Severity.MEDIUM,
    fault=FaultKind.START_FAILED,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/unusable-file",),
)
def unusable_file(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Errors whose innermost part says that something is malformed, cut short or not there, or that a configuration is
    refused, in whatever words; where no rule of its own knows the message.
    ## Why it matters
    A service that cannot read one of its files does not start, and its error often names the file.
    ## False alarm if
    The file is made at the first start, and the line is of that start.
    ## What to do
    Look at the named file: its size, its owner, and what stands in it. Compare it with the same file of another
    member. Collect the state directory, and analyse that.
    ## References
    docs/reference/start.md#order-of-events
    """
    return findings_of(case, CAUSE)
