"""JRN055: a member's host name does not resolve."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("host-unknown",)


@rule(
    "JRN055",
    "a member's host name does not resolve",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/host-unknown",),
    silent_on=("journal/everyday",),
)
def host_unknown(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `lookup NAME: no such host` where dqlite dials a member or listens.
    ## Why it matters
    Members are known by the address they joined with. Where that is a host name, renaming the host or losing its DNS
    entry cuts the member off, and a lone voter cannot elect itself.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Make the name resolve on every node (an entry in /etc/hosts is enough), then restart. For good: give members IP
    addresses.
    ## References
    canonical/go-dqlite internal/protocol/connector.go; https://github.com/canonical/microk8s/issues/5524
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return f"the host name {line.fields['host']} does not resolve"
