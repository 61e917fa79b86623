"""JRN032: members do not accept each other's certificate."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("certificate",)


@rule(
    "JRN032",
    "members do not accept each other's certificate",
    Severity.HIGH,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/certificate",),
    silent_on=("journal/everyday",),
)
def certificate(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    x509 and TLS errors: expired, not yet valid, unknown authority, bad certificate, a key that does not fit.
    ## Why it matters
    All members must hold the same cluster certificate (or one chain), valid now. Otherwise no connection between
    them comes up, and no leader is elected.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. TLS errors of other services stand in the same journals: look at the port and
    the unit.
    ## What to do
    Compare cluster.crt of all members (fingerprint, dates). Replace certificate and key on all members together;
    check the clocks.
    ## References
    FACTS 6.5; https://github.com/canonical/lxd/issues/16690; https://github.com/canonical/go-dqlite/issues/189
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a TLS certificate was refused"
