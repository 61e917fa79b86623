"""JRN057: cluster.yaml is not there yet, or no longer."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("yaml-missing",)


@rule(
    "JRN057",
    "cluster.yaml is not there yet, or no longer",
    Severity.LOW,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/yaml-missing",),
    silent_on=("journal/everyday",),
)
def yaml_missing(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Tools that do not find cluster.yaml (`open servers store: …`, `failed to read list of dqlite nodes: …`).
    ## Why it matters
    dqlite writes the file at its first start. Where it stays away, the node has not come up: look for its own error.
    ## False alarm if
    For some seconds of a join or a first start this is normal.
    ## What to do
    See whether k8s-dqlite runs, and read its journal. If it does and the file is missing, copy it from a healthy
    member.
    ## References
    https://github.com/canonical/microk8s-cluster-agent/pull/26
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "cluster.yaml is not there"
