"""JRN043: a recovery was refused."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("recovery-refused",)


@rule(
    "JRN043",
    "a recovery was refused",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/recovery-refused",),
    silent_on=("journal/everyday",),
)
def recovery_refused(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What `cluster recover`, `cluster-recover` and `.reconfigure` say when they do not go on.
    ## Why it matters
    The cluster is still as it was: nothing was recovered. A second attempt on another node after a half-done first
    one is how clusters split.
    ## False alarm if
    A later attempt may have gone through: see JRN041. A journal tells of the past: where the node's own files are
    newer, the finding says so and is `info`.
    ## What to do
    Do what the text says (all members stopped, no member added or renamed in the edited YAML), and run it again on
    the same node: `plan` names it, and every step.
    ## References
    canonical/microcluster internal/recover; canonical/go-dqlite cmd/dqlite; FACTS 4.4, 8.4
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_: JournalLine) -> str:
    return "a recovery was refused"
