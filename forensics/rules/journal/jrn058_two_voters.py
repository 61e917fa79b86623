"""JRN058: `microk8s status` shows two datastore masters."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("two-voters",)


@rule(
    "JRN058",
    "`microk8s status` shows two datastore masters",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/two-voters",),
    silent_on=("journal/everyday",),
)
def two_voters(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `datastore master nodes:` with exactly two addresses, in a pasted `microk8s status`.
    ## Why it matters
    A leader needs a majority of the voters: of two, both. The cluster stops when either of them stops.
    ## False alarm if
    A third member that joined a moment ago becomes a voter within 30 seconds.
    ## What to do
    Bring the third member back, or add one; remove a member that is gone for good (`microk8s remove-node ADDRESS
    --force`).
    ## References
    canonical/microk8s scripts/wrappers/status.py; FACTS 6.3
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "two voters: the cluster stops when either of them stops"
