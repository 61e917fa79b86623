"""JRN005: start failed, and the library gave no reason."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("segment-no-reason", "start-no-reason")


@rule(
    "JRN005",
    "start failed, and the library gave no reason",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.NODE_DOWN,
    consequence=True,
    fires_on=("journal/start-without-reason",),
    silent_on=("journal/everyday",),
)
def start_without_reason(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Lines where raft's or dqlite's error has an empty text or only a number (`raft_start():`, `load closed segment
    …:`, `run failed with 13`, `failed to start task`).
    ## Why it matters
    Old versions, and errors met while restoring the snapshot into SQLite, come without text. Known causes, most
    frequent first: a gap between segments, a damaged or short last segment (`load closed segment X:` with nothing
    behind it names the file), a snapshot that SQLite cannot load (damaged, or a database near 1 GiB), a
    configuration entry that cannot be decoded.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`. The journal alone cannot tell which: the directory can.
    ## What to do
    Collect the directory itself (or at least `ls -la` of it) and analyse that. Start nothing until then.
    ## References
    FACTS 2.1, 2.4; https://github.com/canonical/dqlite/issues/190;
    https://github.com/canonical/microk8s/issues/2394
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    file = line.fields.get("file")
    if file:
        return f"the start failed at segment {file} without a reason"
    code = f" (code {line.fields['found']})" if "found" in line.fields else ""
    return f"the start failed without a reason{code}: a gap, a damaged last segment or an unreadable snapshot"
