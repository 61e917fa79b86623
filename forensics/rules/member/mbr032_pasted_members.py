"""MBR032: members that are gone or never came, by a pasted table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.member_tables import MemberRow, MemberTable, Table
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, duration

_SILENT_SECONDS = (
    600.0  # heartbeats come every 10 seconds; the offline threshold is 20 by default, a restart takes minutes
)
_WELL = ("ONLINE", "EVACUATED", "BLOCKED", "UPGRADING", "NEEDS UPGRADE")  # the last three: MBR033


class Trouble(Enum):
    """What is wrong with a member."""

    PENDING = "pending"  # its join was not completed
    NOT_ONLINE = "not-online"
    SILENT = "silent"  # its last heartbeat is much older than the newest one


@dataclass(frozen=True, slots=True)
class MemberInTrouble:
    """A member that is not as it should be.

    Attributes:
        name, address: as the table has them.
        state: of NOT_ONLINE, as the table has it; else empty.
        silent_seconds: of SILENT, how much older its last heartbeat is than the newest one; else 0.
    """

    kind: ClassVar[str] = "member-in-trouble"
    name: str
    address: str
    trouble: Trouble
    state: str = ""
    silent_seconds: float = 0.0

    def words(self, _: Severity) -> Words:
        """See Problem."""
        who = f"{self.name} ({self.address})" if self.name else self.address
        what = {
            Trouble.PENDING: "is pending: its join was not completed",
            Trouble.NOT_ONLINE: f"is {self.state}",
            Trouble.SILENT: f"has been silent for {duration(self.silent_seconds)}",
        }[self.trouble]
        silent = ("That is how much older its last heartbeat is than the newest one in the table.",)
        return Words(f"{who} {what}", silent if self.trouble is Trouble.SILENT else ())


@rule(
    "MBR032",
    "members that are gone or never came, by a pasted table",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-offline", "member/tables-differ"),
    silent_on=("member/tables-agree",),
)
def pasted_members(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    Whether a pasted table has members that are pending, not online, or whose heartbeat is more than ten minutes older
    than the newest one.
    ## Why it matters
    As long as raft has them, they count for the majority, and upgrades wait for them: the product does not start before
    all of its members run the same version.
    ## False alarm if
    Somebody switched the member off on purpose, or its join was still running.
    ## What to do
    Bring the member back, or take it out of the cluster with the product's own command, before anything else is
    restarted or upgraded.
    ## References
    https://github.com/canonical/lxd/issues/6313; https://github.com/lxc/incus/issues/328
    """
    tables = [(host.name or "", table) for host in case.hosts for table in host.member_tables]
    told: set[tuple[str, ...]] = set()
    for host, table in tables:
        for row in table.rows:
            where = (host, table.kind.value, row.name, row.address)
            problem = _problem(row, table)
            if problem is not None and where not in told:
                told.add(where)
                yield Finding(problem, (row.at,), where=where)
    if not tables:
        yield NotChecked("there is no pasted table of members", "no-pasted-tables")


def _problem(row: MemberRow, table: MemberTable) -> MemberInTrouble | None:
    if row.pending:
        return MemberInTrouble(row.name, row.address, Trouble.PENDING)
    if table.kind is Table.LIST and row.state and row.state.upper() not in _WELL:
        return MemberInTrouble(row.name, row.address, Trouble.NOT_ONLINE, row.state)
    newest = max((other.heartbeat for other in table.rows if other.heartbeat is not None), default=None)
    silent = newest - row.heartbeat if newest is not None and row.heartbeat is not None else 0.0
    if silent > _SILENT_SECONDS:
        return MemberInTrouble(row.name, row.address, Trouble.SILENT, silent_seconds=silent)
    return None
