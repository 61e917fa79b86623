"""JRN014: this is the first generation of dqlite, written in Go."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("old-generation", "old-generation-log")


@rule(
    "JRN014",
    "this is the first generation of dqlite, written in Go",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/old-generation",),
    silent_on=("journal/everyday",),
)
def old_generation(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Stack traces of CanonicalLtd/dqlite or hashicorp/raft; ordinary lines of the latter (`Raft: Node at …`) as info.
    ## Why it matters
    LXD before 3.15 kept its log in logs.db (BoltDB) and snapshots/ with Hashicorp's raft. Nothing of that layout
    can be read here, nor by today's LXD: it is not an empty database, it is another format.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Upgrade step by step (LXD 3.x, then 4.0, then on): 4.0 is the last that migrates it.
    ## References
    FACTS 9.1; https://github.com/canonical/lxd/issues/5469
    """
    yield from findings_of(case, CODES, _describe, {"old-generation-log": Severity.INFO})


def _describe(line: JournalLine) -> str:
    if line.code == "old-generation-log":
        return "the daemon runs the first generation of dqlite (Go, hashicorp raft: logs.db and snapshots/)"
    return "this is an unsupported old layout of the first generation (Go, hashicorp raft: logs.db and snapshots/)"
