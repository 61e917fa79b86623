"""JRN012: another process holds the node's socket, port or directory."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.journal import JournalLine
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.rules.log_lines import findings_of

CODES = ("socket-taken", "locked")


@rule(
    "JRN012",
    "another process holds the node's socket, port or directory",
    Severity.LOW,
    scope=Case,
    effect=Effect.NONE,
    fires_on=("journal/socket-taken",),
    silent_on=("journal/everyday",),
)
def socket_taken(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `failed to set bind address @…`, `address already in use` on a dqlite port, `couldn't lock the raft directory`.
    ## Why it matters
    Nothing is wrong in the state directory: a second process (an old one that did not end, a second snap) runs the
    same node. The number in the socket's name is the node's id.
    ## False alarm if
    A journal tells of the past: what was repaired since still stands in it. Where the node's own files are newer,
    the finding says so and is `info`.
    ## What to do
    Find the process (ss -xlp; ss -ltnp), stop the service, make sure that it has ended, start it again; a reboot
    does the same.
    ## References
    https://github.com/canonical/microk8s/issues/2536
    """
    yield from findings_of(case, CODES, _describe)


def _describe(_line: JournalLine) -> str:
    return "the state directory is not the cause: another process holds the node's socket, port or lock"
