"""MBR030: raft and the product's pasted tables name different members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.fault_kind import FaultKind
from forensics.parsers.member_tables import MemberTable, Table
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class OnlyInRaft:
    """An address of raft_nodes that no nodes table has, and the addresses that these have."""

    kind: ClassVar[str] = "only-in-raft"
    address: str
    known: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        known = listed(self.known) if self.known else "no address at all"
        return Words(f"{self.address} is in raft_nodes, but not in the nodes table", (f"The nodes table has {known}.",))


@rule(
    "MBR030",
    "member that only raft knows, by pasted tables",
    Severity.MEDIUM,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-differ",),
    silent_on=("member/tables-agree",),
)
def pasted_tables(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The addresses of a pasted `raft_nodes` table, against those of the pasted `nodes` table of the same machine.
    ## Why it matters
    A member that only raft knows counts for the majority, but no command of the product shows it. A join stopped
    halfway, a removal reached one of the two, or an address was changed in one only. With two members, one of which
    does not exist, no leader is elected.
    ## False alarm if
    The tables were read at different times, around a join or a removal. LXD before 4.0 has only the database members in
    raft_nodes, so nothing is said of nodes that are missing there.
    ## What to do
    Find out what the address is. If it is gone for good: `cluster remove --force NAME` of the product's client, or
    `cluster remove-raft-node ADDRESS` of its daemon. If no leader is left: the daemon's `cluster edit` on one node,
    with the others stopped.
    ## References
    canonical/lxd lxd/cluster/heartbeat.go; https://github.com/canonical/lxd/issues/5434;
    https://github.com/canonical/lxd/issues/11443; docs/reference/products.md#lxd
    """
    seen = False
    for host in case.hosts:
        nodes = [table for table in host.member_tables if table.kind is Table.NODES]
        raft = [table for table in host.member_tables if table.kind is Table.RAFT]
        seen = seen or bool(nodes and raft)
        yield from _only_raft(host, raft, nodes) if nodes else ()
    if not seen:
        yield NotChecked("there are no pasted tables raft_nodes and nodes", "no-pasted-pair-of-tables")


def _only_raft(host: Host, raft: list[MemberTable], nodes: list[MemberTable]) -> Iterator[Finding]:
    known = {row.address for table in nodes for row in table.rows}
    rows = {row.address: row for table in reversed(raft) for row in reversed(table.rows)}  # the first of each
    for address, row in sorted(rows.items(), key=lambda item: item[1].at.offset):
        if ":" in address and address not in known:
            yield Finding(
                OnlyInRaft(address, tuple(sorted(filter(None, known)))),
                (row.at, nodes[0].at),
                nodes=(host.name,) if host.name else (),
                where=(address,),
            )
