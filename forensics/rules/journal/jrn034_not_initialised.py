"""JRN034: the daemon says that it is not initialised."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, Milder, findings_of, log_rule

CAUSE = Cause(
    {
        "not-initialised": "the daemon does not find its own state",
        "never-initialised": "the daemon was never bootstrapped or joined, or does not find its own state",
        **kinds(Kind.NOT_INITIALISED),
    },
    milder={
        "never-initialised": Milder(
            Severity.LOW,
            "Nothing on a machine that was never bootstrapped or joined. On a member, look into the state directory: "
            "daemon.yaml, truststore/*.yaml, database/.",
        )
    },
    ended_by=A_START,
)


@log_rule(
    "JRN034",
    "the daemon says that it is not initialised",
    Severity.MEDIUM,
    fault=FaultKind.NO_LEADER,
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("journal/not-initialised",),
)
def not_initialised(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    microcluster's `Daemon not yet initialized` and `Database is not yet open`. What it logs at each start before
    the machine is bootstrapped or joined (`microcluster database is uninitialized`) is `low`.
    ## Why it matters
    On a member of a running cluster this means that the daemon does not find its state: daemon.yaml, the truststore
    or the database is missing or empty.
    ## False alarm if
    The machine never joined a cluster.
    ## What to do
    Look into the state directory: daemon.yaml, truststore/*.yaml, database/.
    ## References
    https://github.com/canonical/microceph/issues/336; docs/reference/microcluster.md#state-directory
    """
    return findings_of(case, CAUSE)
