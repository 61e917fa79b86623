"""MBR032: members that are gone or never came, by a pasted table."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.member_tables import MemberRow, MemberTable, Table
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_SILENT_SECONDS = (
    600.0  # heartbeats come every 10 seconds; the offline threshold is 20 by default, a restart takes minutes
)
_WELL = ("ONLINE", "EVACUATED", "BLOCKED", "UPGRADING")


@rule(
    "MBR032",
    "members that are gone or never came, by a pasted table",
    Severity.LOW,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-offline", "member/tables-differ"),
    silent_on=("member/tables-agree",),
)
def pasted_members(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Members of a pasted table that are pending, not online, or whose heartbeat is more than ten minutes older than the
    newest one.
    ## Why it matters
    They count for the majority while raft has them, and upgrades wait for them: the product does not start before all
    of its members run the same version.
    ## False alarm if
    Members that are switched off on purpose. A pending member for as long as its join lasts.
    ## What to do
    Bring the member back, or remove it (`lxc cluster remove --force NAME`) before anything else is restarted or
    upgraded.
    ## References
    https://github.com/canonical/lxd/issues/6313; https://github.com/lxc/incus/issues/328
    """
    tables = [table for host in case.hosts for table in host.member_tables]
    for table in tables:
        for row in table.rows:
            if why := _why(row, table):
                yield Finding(f"{row.name or row.address} ({row.address}) {why}", (row.at,))
    if not tables:
        yield NotChecked("no pasted table of members")


def _why(row: MemberRow, table: MemberTable) -> str:
    if row.pending:
        return "is pending: its join was not completed"
    if table.kind is Table.LIST and row.state and row.state.upper() not in _WELL:
        return f"is {row.state}"
    newest = max((other.heartbeat for other in table.rows if other.heartbeat is not None), default=None)
    if newest is not None and row.heartbeat is not None and newest - row.heartbeat > _SILENT_SECONDS:
        return f"sent its last heartbeat {_span(newest - row.heartbeat)} before the newest one"
    return ""


def _span(seconds: float) -> str:
    return f"{seconds / 86400:.0f} days" if seconds > 2 * 86400 else f"{seconds / 60:.0f} minutes"
