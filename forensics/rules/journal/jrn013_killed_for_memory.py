"""JRN013: the kernel killed a service for lack of memory."""

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
        "killed-for-memory": (
            "{program} was killed for lack of memory",
            "a process was killed for lack of memory",
        ),
        **kinds(Kind.MEMORY),
    }
)


@log_rule(
    "JRN013",
    "the kernel killed a service for lack of memory",
    Severity.MEDIUM,
    fault=FaultKind.MEMORY,
    effect=Effect.DEGRADED,
    fires_on=("journal/killed-for-memory",),
)
def killed_for_memory(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `Killed process N (NAME)` and `oom-kill` of a service that carries dqlite.
    ## Why it matters
    dqlite holds the database and the last entries of the log in memory. A large database needs much of it, and so
    do large trailing values in tuning.yaml.
    ## What to do
    Look at the size of the newest snapshot, and at trailing and threshold in tuning.yaml.
    ## References
    https://github.com/canonical/k8s-dqlite/issues/196
    """
    return findings_of(case, CAUSE)
