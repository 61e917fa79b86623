"""JRN032: members do not accept each other's certificate."""

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
        "certificate-refused": "a TLS certificate was refused",
        **kinds(Kind.CERTIFICATE),
    }
)


@log_rule(
    "JRN032",
    "members do not accept each other's certificate",
    Severity.HIGH,
    fault=FaultKind.CERTIFICATE,
    effect=Effect.DEGRADED,
    fires_on=("journal/certificate",),
)
def certificate(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    x509 and TLS errors: expired, not yet valid, unknown authority, bad certificate, a key that does not fit.
    ## Why it matters
    All members must hold the same cluster certificate (or one chain), and it must be valid now. Otherwise members
    cannot connect to each other, and no leader is elected.
    ## False alarm if
    The error is another service's: look at the port and the unit.
    ## What to do
    Compare cluster.crt of all members: fingerprint and dates. Replace certificate and key on all members together,
    and check the clocks.
    ## References
    docs/reference/go-dqlite.md#tls; https://github.com/canonical/lxd/issues/16690;
    https://github.com/canonical/go-dqlite/issues/189
    """
    return findings_of(case, CAUSE)
