"""JRN013: the kernel killed a service for lack of memory."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("killed-for-memory",)


@rule(
    "JRN013",
    "the kernel killed a service for lack of memory",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.DEGRADED,
    fires_on=("journal/killed-for-memory",),
    silent_on=("journal/everyday",),
)
def killed_for_memory(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `Killed process N (NAME)` and oom-kill lines of a service that carries dqlite.
    ## Why it matters
    dqlite holds the database and the last entries of the log in memory: a large database, or large trailing values
    in tuning.yaml, show as memory.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Look at the size of the newest snapshot and at tuning.yaml (snapshot trailing and threshold).
    ## References
    https://github.com/canonical/k8s-dqlite/issues/196
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    killed = next((line.fields[name] for name in ("file", "task", "unit") if name in line.fields), "a process")
    return f"{killed} was killed for lack of memory"
