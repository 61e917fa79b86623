"""JRN060: k3s gave the node another identity."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("node-id-reset", "directory-set-aside")


@rule(
    "JRN060",
    "k3s gave the node another identity",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("journal/node-id-reset",),
    silent_on=("journal/everyday",),
)
def node_id_reset(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `reseting node ID from … to …`, `cleaned DB directory, now restart and join`: k3s found its address in the cluster
    under another id than its node-id file has, or not at all while raft files were there.
    ## Why it matters
    An id belongs to one log for ever: votes and entries were given under it. Files that were written under one id and
    are started under another make a member that the others take for somebody else. k3s moves the files of a node that
    the cluster does not know to `.backup-<time>`, and waits for a restart.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Compare node-id with the cluster's members. Start the server once more, as the line asks. Where it repeats, move
    the whole state.dqlite directory of this node aside (never that of the last healthy one), and let it join anew.
    ## References
    k3s-io/k3s pkg/dqlite/join.go; https://github.com/k3s-io/k3s/issues/1230
    """
    yield from findings_of(case, CODES, _describe)


def _describe(line: JournalLine) -> str:
    if line.code == "directory-set-aside":
        return "the cluster does not know this node: its old files were set aside, and it waits for a restart"
    return f"the node's id was changed from {line.fields['found']} to {line.fields['expected']}"
