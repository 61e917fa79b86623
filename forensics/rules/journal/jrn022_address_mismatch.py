"""JRN022: the node's address is not the one in info.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("address-mismatch",)


@rule(
    "JRN022",
    "the node's address is not the one in info.yaml",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/address-mismatch",),
    silent_on=("journal/everyday",),
)
def address_mismatch(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `address "a" in info.yaml does not match "b"`.
    ## Why it matters
    The machine's address (or host name) changed, or a directory was copied from another node. Raft knows members by
    the address in its configuration: the others cannot reach the node, and a lone voter cannot elect itself.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Give the old address back, or change the membership by the product's way (k8s-dqlite: update.yaml; MicroK8s:
    restore-quorum; microcluster: cluster recover), on one node, with the others stopped.
    ## References
    canonical/go-dqlite app/app.go; FACTS 6.3
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    return f"info.yaml has address {line.fields['found']}, the node was started with {line.fields['expected']}"
