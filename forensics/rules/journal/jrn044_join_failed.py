"""JRN044: joining the cluster failed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("join-failed",)


@rule(
    "JRN044",
    "joining the cluster failed",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/join-failed",),
    silent_on=("journal/everyday",),
)
def join_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    What go-dqlite, microcluster and the products say when a node cannot join.
    ## Why it matters
    The node is no member, or half of one: what it left behind (an id in the configuration, a truststore entry) gets
    in the way of the next attempt.
    ## False alarm if
    A later attempt may have succeeded. A journal tells of the past: where the node's own files are newer, the finding
    says so and is `info`.
    ## What to do
    Look at the reason behind it in the same lines (certificate, address, name, token). Remove what it left behind on
    the cluster's side, reset the node, and join with a fresh token.
    ## References
    canonical/microcluster internal/daemon; canonical/go-dqlite app; FACTS 8.3
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_: JournalLine) -> str:
    return "joining the cluster failed"
