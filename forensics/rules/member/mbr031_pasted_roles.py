"""MBR031: too few voters, by a pasted table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.member_tables import MemberTable, Table
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, count

_WANTED = 3  # voters, where there are so many members


@dataclass(frozen=True, slots=True)
class NoVoter:
    """A table without voters, and how many members it has."""

    kind: ClassVar[str] = "no-voter"
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            "by raft_nodes the cluster has no voter, so it cannot elect a leader",
            (f"The table has {count(self.members, 'member')}, and none of them is a voter.",),
        )


@dataclass(frozen=True, slots=True)
class FewVoters:
    """A table with too few voters: how many, and how many members it has."""

    kind: ClassVar[str] = "few-voters"
    voters: int
    members: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"by raft_nodes only {self.voters} of {self.members} members are voters, where {_WANTED} are wanted",
            (),
            "Find out why the other members are not promoted: the leader's journal says whom it cannot reach.",
        )


@dataclass(frozen=True, slots=True)
class AddressTwice:
    """An address that a table has more than once."""

    kind: ClassVar[str] = "address-twice"
    address: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.address} is in raft_nodes twice",
            (),
            "Compare with the raft configuration, and remove the member that does not exist.",
        )


@rule(
    "MBR031",
    "too few voters, by a pasted table",
    Severity.HIGH,
    fault=FaultKind.ROLES,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-no-voter",),
    silent_on=("member/tables-agree",),
)
def pasted_roles(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The roles in a pasted `raft_nodes` table (0 voter, 1 stand-by, 2 spare), and whether it has an address twice.
    ## Why it matters
    Only voters elect a leader. Without a voter no database starts. With fewer voters than wanted, the loss of a few
    members stops it.
    ## False alarm if
    The table is out of date: it is a cache, and raft's own configuration decides. The numbers in LXD's tables are those
    of the network protocol, where 0 is a voter.
    ## What to do
    Compare with the raft configuration (`sql … .cluster` of this tool, from a copy of database/global). If that has no
    voter either: `lxd cluster recover-from-quorum-loss` or `lxd cluster edit`, on one node with the others stopped.
    ## References
    https://github.com/canonical/lxd/issues/7540; docs/reference/products.md#lxd
    """
    found = False
    for host in case.hosts:
        tables = [table for table in host.member_tables if table.kind is Table.RAFT]
        found = found or bool(tables)
        for number, table in enumerate(tables, 1):
            yield from _judge(table, (host.name or "", number))
    if not found:
        yield NotChecked("there is no pasted table raft_nodes", "no-pasted-raft-table")


def _judge(table: MemberTable, where: tuple[str | int, ...]) -> Iterator[Finding]:
    """Of one table; `where` is its machine, and which of its tables."""
    addresses = [row.address for row in table.rows if row.address]
    for address in sorted({address for address in addresses if addresses.count(address) > 1}):
        yield Finding(AddressTwice(address), (table.at,), Severity.MEDIUM, where=(*where, address))
    roles = [row.role for row in table.rows]
    if None in roles:
        return
    voters, members = roles.count(Role.VOTER), len(roles)
    if voters == 0:
        yield Finding(NoVoter(members), (table.at,), where=where)
    elif voters < min(_WANTED, members) and members >= _WANTED:
        yield Finding(FewVoters(voters, members), (table.at,), Severity.LOW, where=where)
