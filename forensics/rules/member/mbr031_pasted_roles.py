"""MBR031: too few voters, by a pasted table."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.parsers.member_tables import MemberTable, Table
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule

_WANTED = 3  # voters, where there are so many members


@rule(
    "MBR031",
    "too few voters, by a pasted table",
    Severity.HIGH,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-no-voter",),
    silent_on=("member/tables-agree",),
)
def pasted_roles(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The roles of a pasted `raft_nodes` table (0 voter, 1 stand-by, 2 spare), and whether an address stands there twice.
    ## Why it matters
    Only voters elect a leader. Without one no database comes up; with two, the loss of one stops it.
    ## False alarm if
    The table is a cache: raft's own configuration decides. Numbers of LXD's tables are those of the wire: 0 is a voter.
    ## What to do
    Compare with the raft configuration (`sql … .cluster` of this tool, from a copy of database/global). Where it has no
    voter either: `lxd cluster recover-from-quorum-loss` or `lxd cluster edit`, on one node with the others stopped.
    ## References
    https://github.com/canonical/lxd/issues/7540; FACTS 9.1
    """
    tables = [table for host in case.hosts for table in host.member_tables if table.kind is Table.RAFT]
    for table in tables:
        yield from _judge(table)
    if not tables:
        yield NotChecked("no pasted table raft_nodes")


def _judge(table: MemberTable) -> Iterator[Finding]:
    addresses = [row.address for row in table.rows if row.address]
    for address in sorted({address for address in addresses if addresses.count(address) > 1}):
        yield Finding(f"{address} stands twice in raft_nodes", (table.at,), Severity.MEDIUM)
    roles = [row.role for row in table.rows]
    if None in roles:
        return
    voters = roles.count(Role.VOTER)
    if voters == 0:
        yield Finding(
            f"none of the {len(roles)} members in raft_nodes is a voter: no leader can be elected", (table.at,)
        )
    elif voters < min(_WANTED, len(roles)) and len(roles) >= _WANTED:
        text = f"only {voters} of the {len(roles)} members in raft_nodes are voters, where {_WANTED} are wanted"
        yield Finding(text, (table.at,), Severity.LOW)
