"""JRN034: the daemon says that it is not initialised."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("not-initialised", "never-initialised")


@rule(
    "JRN034",
    "the daemon says that it is not initialised",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    consequence=True,
    fires_on=("journal/not-initialised",),
    silent_on=("journal/everyday",),
)
def not_initialised(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    microcluster's `Daemon not yet initialized`, `Database is not yet open`. What it writes at each start before the
    machine was bootstrapped or joined (`microcluster database is uninitialized`) is low.
    ## Why it matters
    On a member of a running cluster this means that the daemon does not find its state: daemon.yaml, truststore or
    database are missing or empty.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. On a machine that never joined it is the truth.
    ## What to do
    Look into the state directory: daemon.yaml, truststore/*.yaml, database/.
    ## References
    https://github.com/canonical/microceph/issues/336
    """
    yield from findings_of(case, CODES, _describe, {"never-initialised": Severity.LOW})


def _describe(_line: JournalLine) -> str:
    return "the daemon does not find its own state"
