"""JRN008: dqlite or raft crashed."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("assertion", "crash")


@rule(
    "JRN008",
    "dqlite or raft crashed",
    Severity.HIGH,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/crash",),
    silent_on=("journal/everyday",),
)
def crash(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Failed assertions in the library's sources, and segmentation faults or aborts of a service that carries it.
    ## Why it matters
    The process ends without a clean stop: open segments stay behind. An assertion at start is met again at every
    start: the cause is in the files.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. A crash of the service need not come from dqlite; the lines around it tell.
    ## What to do
    Keep the core dump and the directory. Note the version (snap list). If it crashes at every start, do not let it
    loop: stop the service.
    ## References
    FACTS 2.6; https://github.com/canonical/dqlite/issues
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if line.code == "assertion":
        return f"an assertion failed in {line.fields.get('file') or line.fields['function']}"
    return "a service that carries dqlite crashed"
