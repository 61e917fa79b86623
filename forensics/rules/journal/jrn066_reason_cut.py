"""JRN066: an error without its reason."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(kinds(Kind.CUT, Kind.NO_REASON, Kind.ENDED))


@log_rule(
    "JRN066",
    "the reason of an error is cut off",
    Severity.LOW,
    fault=FaultKind.START_FAILED,
    effect=Effect.NONE,
    consequence=True,
    fires_on=("journal/reason-cut",),
)
def reason_cut(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Errors that end in a colon, in dots, or in wrapping words alone: `failed to start dqlite:`; lists of callers whose
    exception is not there; services that ended or do not run, where the text does not say why.
    ## Why it matters
    Programs write the cause last. Without it, the outer words tell the place and not the cause; to guess it from them
    leads to a wrong step.
    ## False alarm if
    The library itself gives no text there: old versions do so.
    ## What to do
    Ask for the whole line and the twenty lines around it, from the journal of the service and not from a terminal,
    which cuts: `journalctl -u UNIT -o short-iso --no-pager`.
    ## References
    docs/reference/start.md#order-of-events
    """
    return findings_of(case, CAUSE)
