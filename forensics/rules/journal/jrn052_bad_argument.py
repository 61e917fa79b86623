"""JRN052: the service does not know an argument of its own."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("bad-argument",)


@rule(
    "JRN052",
    "the service does not know an argument of its own",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/bad-argument",),
    silent_on=("journal/everyday",),
)
def bad_argument(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `unknown flag: …`, `flag provided but not defined`, values that k8s-dqlite refuses (`unsupported TLS version`, …).
    ## Why it matters
    The process ends before it opens its state directory, at every start. The data is not touched: nothing needs to be
    recovered.
    ## False alarm if
    Commands that somebody typed with a wrong flag print the same. A journal tells of the past: where the node's own
    files are newer, the finding says so and is `info`.
    ## What to do
    Compare the args file (`/var/snap/microk8s/current/args/k8s-dqlite`, `/var/snap/k8s/common/args/k8s-dqlite`) with
    `--help` of the installed revision; take out what it does not know. Snapshot parameters belong into `tuning.yaml`.
    ## References
    canonical/k8s-dqlite cmd/root.go, pkg/server/server.go
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "an argument is not known, and the service ends at once"
