"""JRN012: another process holds the node's socket, port or directory."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.errors.kind import Kind
from forensics.rules.api import Effect, Finding, NotChecked, Severity
from forensics.rules.error_kinds import kinds
from forensics.rules.log_endings import A_START
from forensics.rules.log_lines import Cause, findings_of, log_rule

CAUSE = Cause(
    {
        "socket-taken": "another process holds the node's socket or port",
        "directory-locked": "another process has locked the state directory",
        **kinds(Kind.LOCKED, Kind.PORT_TAKEN),
    },
    ended_by=A_START,
)


@log_rule(
    "JRN012",
    "another process holds the node's socket, port or directory",
    Severity.LOW,
    fault=FaultKind.SERVICE,
    effect=Effect.NONE,
    fires_on=("journal/socket-taken",),
)
def socket_taken(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    `failed to set bind address @…`, `address already in use` on a port of dqlite, `couldn't lock the raft
    directory`.
    ## Why it matters
    The state directory is sound. A second process runs the same node: an old one that did not end, or a second
    snap. The number in the socket's name is the node's id.
    ## What to do
    Find the process (`ss -xlp`, `ss -ltnp`). Stop the service, make sure that the process has ended, and start the
    service again. A reboot does the same.
    ## References
    https://github.com/canonical/microk8s/issues/2536; docs/reference/start.md#failures-before-loading
    """
    return findings_of(case, CAUSE)
