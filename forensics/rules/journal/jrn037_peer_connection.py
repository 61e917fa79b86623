"""JRN037: connections between members break."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("peer-connection",)


@rule(
    "JRN037",
    "connections between members break",
    Severity.LOW,
    scope=Case,
    effect=Effect.NONE,
    consequence=True,
    fires_on=("journal/peer-connection",),
    silent_on=("journal/everyday",),
)
def peer_connection(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `dqlite: proxy: … connection reset by peer`, `driver: bad connection`, `Error during dqlite proxy copy`.
    ## Why it matters
    A peer went away in the middle: it restarted, refused the certificate, or is a stale member of which the other
    side knows nothing.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. Single lines are everyday life when a member restarts.
    ## What to do
    See whether the peer's journal shows a restart at that time; compare the membership on both sides.
    ## References
    https://github.com/canonical/microk8s/issues/1880
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "a connection between members broke"
