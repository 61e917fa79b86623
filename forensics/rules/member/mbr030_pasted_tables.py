"""MBR030: raft and the product's pasted tables name different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Case
from forensics.facts.machine.host import Host
from forensics.parsers.member_tables import MemberTable, Table
from forensics.rules.api import Effect, Finding, NotChecked, Severity, rule


@rule(
    "MBR030",
    "raft and the product's pasted tables name different members",
    Severity.MEDIUM,
    scope=Case,
    effect=Effect.ATTENTION,
    fires_on=("member/tables-differ",),
    silent_on=("member/tables-agree",),
)
def pasted_tables(case: Case) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The addresses of a pasted `raft_nodes` table against those of the pasted `nodes` table of the same machine.
    ## Why it matters
    A member that only raft knows counts for the majority, and no command of the product shows it: a join that stopped
    half-way, a removal that reached one of the two, or an address that was changed in one. With two members, of which
    one does not exist, no leader is elected.
    ## False alarm if
    Tables that were read at different times, around a join or a removal. LXD before 4.0 kept only the database members
    in raft_nodes: nothing is said of nodes that are missing there.
    ## What to do
    Find out what the address is. What is gone for good: `lxc cluster remove --force NAME`, or `lxd cluster
    remove-raft-node ADDRESS`; where no leader is left, `lxd cluster edit` on one node with the others stopped.
    ## References
    canonical/lxd lxd/cluster/heartbeat.go; https://github.com/canonical/lxd/issues/5434;
    https://github.com/canonical/lxd/issues/11443; FACTS 9.1
    """
    seen = False
    for host in case.hosts:
        nodes = [table for table in host.member_tables if table.kind is Table.NODES]
        raft = [table for table in host.member_tables if table.kind is Table.RAFT]
        seen = seen or bool(nodes and raft)
        for table in raft if nodes else ():
            yield from _only_raft(host, table, nodes)
    if not seen:
        yield NotChecked("no pasted tables raft_nodes and nodes")


def _only_raft(host: Host, table: MemberTable, nodes: list[MemberTable]) -> Iterator[Finding]:
    known = {row.address for other in nodes for row in other.rows}
    for row in table.rows:
        if ":" in row.address and row.address not in known:
            there = ", ".join(sorted(address for address in known if address)) or "nobody"
            yield Finding(
                f"raft_nodes has {row.address}, which the nodes table does not have (it has {there})",
                (row.at, nodes[0].at),
                nodes=(host.name,) if host.name else (),
            )
