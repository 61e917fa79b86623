"""JRN020: a node with the founder's identity was told to join."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("bootstrap-joins",)


@rule(
    "JRN020",
    "a node with the founder's identity was told to join",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/bootstrap-joins",),
    silent_on=("journal/everyday",),
)
def bootstrap_joins(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    go-dqlite's `bootstrap node can't join a cluster`.
    ## Why it matters
    info.yaml carries the founder's id (3297041220608546238) while the start is one of a joining node (a list of
    cluster addresses, or a `join` file). The two contradict, and the node never starts.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    On the joining node: make sure that it holds no state of its own that is needed, move its state directory aside,
    and join again.
    ## References
    canonical/go-dqlite app/app.go; https://github.com/canonical/microk8s/issues/4713
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "info.yaml has the bootstrap id, yet the node was started to join a cluster"
