"""JRN023: k8s-dqlite refused leftovers in its directory."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("leftover-state", "control-file")


@rule(
    "JRN023",
    "k8s-dqlite refused leftovers in its directory",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    fires_on=("journal/leftover-state",),
    silent_on=("journal/everyday",),
)
def leftover_state(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    k8s-dqlite's `data directory seems to have existing state '…'` and its errors about init.yaml, update.yaml,
    tuning.yaml, failure-domain.
    ## Why it matters
    init.yaml starts a new node only in an empty directory. With old files beside it, nothing starts; the files may
    be the only copy of a database.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    If the node was meant to be new: move the named files away (all of them, not one by one), keep them. If it was
    not: remove init.yaml.
    ## References
    canonical/k8s-dqlite pkg/server/server.go; FACTS 7.2
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if line.code == "leftover-state":
        return f"init.yaml asks for a new node, but {line.fields['file']} of an old one is still there"
    return "a control file of k8s-dqlite is wrong"
