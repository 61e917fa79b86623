"""MBR031: too few voters, by a pasted table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Case
from forensics.fault_kind import FaultKind
from forensics.parsers.member_tables import MemberRow, MemberTable, Table
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, count, listed, sentences

_WANTED = 3  # voters, where there are so many members
_TABLES = (Table.RAFT, Table.SERVERS)
_GONE = ("OFFLINE", "UNREACHABLE", "DOWN", "DEAD", "LOST")


def _called(table: Table) -> str:
    return "the list of servers" if table is Table.SERVERS else table.value


@dataclass(frozen=True, slots=True)
class NoVoter:
    """A table without voters, and how many members it has. `table`: which one."""

    kind: ClassVar[str] = "no-voter"
    members: int
    table: Table = Table.RAFT

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"by {_called(self.table)} the cluster has no voter, so it cannot elect a leader",
            (f"The table has {count(self.members, 'member')}, and none of them is a voter.",),
        )


@dataclass(frozen=True, slots=True)
class FewVoters:
    """A table with too few voters: how many, and how many members it has."""

    kind: ClassVar[str] = "few-voters"
    voters: int
    members: int
    table: Table = Table.RAFT

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"by {_called(self.table)} only {self.voters} of {self.members} members are voters, "
            f"where {_WANTED} are wanted",
            (),
            "Find out why the other members are not promoted: the leader's journal says whom it cannot reach.",
        )


@dataclass(frozen=True, slots=True)
class AddressTwice:
    """An address that a table has more than once."""

    kind: ClassVar[str] = "address-twice"
    address: str
    table: Table = Table.RAFT

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.address} is in {_called(self.table)} twice",
            (),
            "Compare with the raft configuration, and remove the member that does not exist.",
        )


@dataclass(frozen=True, slots=True)
class VotersGone:
    """A list by whose own states no majority of the voters is there. Voters by address, and their states, each once."""

    kind: ClassVar[str] = "voters-gone"
    voters: int
    gone: tuple[str, ...]
    states: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        left = self.voters - len(self.gone)
        return Words(
            f"by the list of members {len(self.gone)} of {count(self.voters, 'voter')} "
            f"{'is' if len(self.gone) == 1 else 'are'} {listed(self.states)}, so no leader can be elected",
            sentences(
                f"{listed(self.gone)} cannot be reached.",
                f"A leader needs {self.voters // 2 + 1} of {count(self.voters, 'voter')}; left: {left}.",
            ),
            "Bring one of these members back, with its data.",
        )


@dataclass(frozen=True, slots=True)
class EvenVoters:
    """A table with an even number of voters."""

    kind: ClassVar[str] = "even-voters"
    voters: int
    table: Table = Table.RAFT

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"by {_called(self.table)} the cluster has {self.voters} voters, an even number",
            (f"It survives the loss of {count(self.voters // 2 - 1, 'voter')}, as with one voter less.",),
            "",
        )


@dataclass(frozen=True, slots=True)
class IdOfTwo:
    """One raft ID with several addresses, in one list or in several."""

    kind: ClassVar[str] = "id-of-two"
    id: str
    addresses: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"lists of members give the ID {self.id} to {listed(self.addresses)}",
            ("The address of that member was changed, or two members have one ID.",),
            "Compare with the raft configuration of a node that runs, and with the addresses that the machines have.",
        )


@rule(
    "MBR031",
    "too few voters, by a pasted table",
    Severity.HIGH,
    fault=FaultKind.ROLES,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-no-voter", "member/voters-gone"),
    silent_on=("member/tables-agree", "member/voters-gone-with-leader"),
)
def pasted_roles(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The roles in a pasted `raft_nodes` table (0 voter, 1 stand-by, 2 spare), in the last list of servers of a log, and
    in `microk8s status`: too few voters, an even number of them, an address twice, an ID with several addresses (by
    lines about single joins and removals, too). And
    the states in a list of members: fewer voters that can be reached than a majority, unless the list names a leader. A
    role that the paste cut off is unknown, and then voters are not counted.
    ## Why it matters
    Only voters elect a leader. Without a voter no database starts. With fewer voters than wanted, the loss of a few
    members stops it.
    ## False alarm if
    The table is out of date: it is a cache, and raft's own configuration decides. The numbers in LXD's tables are those
    of the network protocol, where 0 is a voter.
    ## What to do
    Compare with the raft configuration (`sql … .cluster` of this tool, from a copy of database/global). If that has no
    voter either, recover the membership in the product's own way, on one node with the others stopped: `plan` of this
    tool says how.
    ## References
    https://github.com/canonical/lxd/issues/7540; docs/reference/products.md#lxd
    """
    told = [(host.name or "", host.member_tables) for host in case.hosts if any(map(_tells, host.member_tables))]
    for host, tables in told:
        last = _of(tables, Table.SERVERS)[-1:]
        for number, table in enumerate((*_of(tables, Table.RAFT), *last), 1):
            yield from _judge(table, (host, number))
        yield from _ids(_of(tables, *_TABLES, Table.CHANGES), host)
        yield from _gone(_of(tables, Table.LIST), host)
    if not told:
        yield NotChecked("there is no pasted table of members with roles", "no-pasted-raft-table")


def _tells(table: MemberTable) -> bool:
    return table.kind is not Table.NODES


def _of(tables: Sequence[MemberTable], *kinds: Table) -> list[MemberTable]:
    return [table for table in tables if table.kind in kinds]


def _judge(table: MemberTable, where: tuple[str | int, ...]) -> Iterator[Finding]:
    """Of one table; `where` is its machine, and which of its tables."""
    addresses = [row.address for row in table.rows if row.address]
    for address in sorted({address for address in addresses if addresses.count(address) > 1}):
        yield Finding(AddressTwice(address, table.kind), (table.at,), Severity.MEDIUM, where=(*where, address))
    roles = [row.role for row in table.rows]
    if None in roles:
        return
    voters, members = roles.count(Role.VOTER), len(roles)
    if voters == 0:
        yield Finding(NoVoter(members, table.kind), (table.at,), where=where)
    elif voters < min(_WANTED, members) and members >= _WANTED:
        yield Finding(FewVoters(voters, members, table.kind), (table.at,), Severity.LOW, where=where)
    elif voters % 2 == 0:
        yield Finding(EvenVoters(voters, table.kind), (table.at,), Severity.INFO, effect=Effect.NONE, where=where)


def _gone(lists: Sequence[MemberTable], host: str) -> Iterator[Finding]:
    """Of lists that tell roles and states."""
    for number, table in enumerate(lists, 1):
        voters = _voters(table)
        gone = [row for row in voters if row.state.upper() in _GONE]
        if voters and len(voters) - len(gone) <= len(voters) // 2:
            states = tuple(dict.fromkeys(row.state for row in gone))
            problem = VotersGone(len(voters), tuple(row.address for row in gone), states)
            yield Finding(problem, tuple(row.at for row in gone), where=(host, number))


def _voters(table: MemberTable) -> list[MemberRow]:
    """None where a role is unknown, or where one leads: a leader has its majority."""
    members = [row for row in table.rows if row.address]
    if any(row.role is None or row.leads for row in members):
        return []
    return [row for row in members if row.role is Role.VOTER]


def _ids(tables: Sequence[MemberTable], host: str) -> Iterator[Finding]:
    """IDs of raft with several addresses, over all lists of one machine.

    Founders of all databases have one ID: another port is another database.
    """
    found: dict[tuple[str, str], dict[str, Span]] = {}
    for row in (row for table in tables for row in table.rows if row.id and row.address):
        key = (row.id, row.address.rpartition(":")[2])
        found.setdefault(key, {}).setdefault(row.address, row.at)
    for (number, port), seen in found.items():
        if len(seen) > 1:
            problem = IdOfTwo(number, tuple(seen))
            yield Finding(problem, tuple(seen.values()), Severity.LOW, where=(host, number, port))
