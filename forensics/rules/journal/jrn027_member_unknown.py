"""JRN027: a member is not known to the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("member-unknown",)


@rule(
    "JRN027",
    "a member is not known to the cluster",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/member-unknown",),
    silent_on=("journal/everyday",),
)
def member_unknown(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    An address or a name that the configuration, or the truststore, does not have.
    ## Why it matters
    The node was removed, has another address than when it joined, or asks the members of another cluster.
    ## False alarm if
    Right behind a removal, while its own daemon is still running. A journal tells of the past: where the node's own
    files are newer, the finding says so and is `info`.
    ## What to do
    Compare info.yaml with cluster.yaml and the truststore of the other members. A node that was removed must be reset
    before it joins again.
    ## References
    canonical/go-dqlite app/app.go; canonical/microcluster internal/rest/resources; FACTS 8.2
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    who = next((value for value in line.fields.values() if value), "a node")
    return f"the cluster does not know {who}"
