"""JRN050: bootstrapping the cluster did not finish."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("bootstrap-failed",)


@rule(
    "JRN050",
    "bootstrapping the cluster did not finish",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/bootstrap-failed",),
    silent_on=("journal/everyday",),
)
def bootstrap_failed(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `failed to bootstrap new cluster …`, `failed to run post-bootstrap actions`.
    ## Why it matters
    k8sd sets up its own database and k8s-dqlite in one go. When that is given up half-way (a time limit, a service
    that does not come up), files of the attempt stay in both state directories, and the next attempt stops at them.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Look for the first error before it, in the journals of k8sd and k8s-dqlite. On a host that holds nothing yet:
    remove what the attempt left (`/var/snap/k8s/common/var/lib/k8s-dqlite`, the k8sd state), then bootstrap again with
    a longer `--timeout`.
    ## References
    canonical/k8s-snap src/k8s/cmd/k8s; https://github.com/canonical/k8s-snap/issues/482
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "bootstrapping the cluster did not finish"
