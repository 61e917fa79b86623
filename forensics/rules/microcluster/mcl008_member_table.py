"""MCL008: the table of members and the raft configuration disagree."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.k8sd_tables import MemberRow
from forensics.facts.database.of_cluster import newest_node
from forensics.parsers.configuration import Server
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL008",
    "core_cluster_members and the raft configuration disagree",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES, Needs.CONFIGURATION),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/table-other-address", "microcluster/table-other-role"),
    silent_on=("healthy/k8sd",),
)
def member_table(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    microcluster's own table against raft: the same addresses, and for each the same role. Pending rows have no raft
    member yet.
    ## Why it matters
    A raft member without a row is a removal or a join that stopped half-way: it votes, and no command shows it. A row
    without a raft member is listed as a member and holds no data. With no address in common (medium) the network was
    renumbered, or the database is another cluster's.
    ## False alarm if
    Roles are written by the heartbeat of the leader, every 10 s; during a join or a removal the two differ for moments.
    ## What to do
    Compare with the truststore. Remove what is no member through the product's command; after a change of addresses
    run its cluster recovery, which rewrites both.
    ## References
    canonical/microcluster internal/db; FACTS 8.2, 8.3 (relations 3, 4, 7)
    """
    node = newest_node(cluster)
    table = next((found for found in node.databases.found if found.members is not None), None) if node else None
    if node is None or table is None or table.members is None or node.configuration is None:
        return
    rows = {row.address: row for row in table.members if not row.pending and row.address}
    servers = {server.address: server for server in node.configuration.configuration.servers}
    evidence = (*table.at, node.configuration.configuration.at)
    common = sorted(rows.keys() & servers.keys())
    severity = None if common or not rows else Severity.MEDIUM
    if absent := sorted(servers.keys() - rows.keys()):
        yield Finding(f"in raft without a row in core_cluster_members: {', '.join(absent)}", evidence, severity)
    if extra := sorted(rows.keys() - servers.keys()):
        yield Finding(f"in core_cluster_members without a raft member: {', '.join(extra)}", evidence, severity)
    for address in common:
        if told := _other_role(rows[address], servers[address]):
            yield Finding(f"{address} is {told}", evidence)


def _other_role(row: MemberRow, server: Server) -> str | None:
    role = server.role.value if server.role else None
    return None if row.role in (None, role) else f"{row.role} in core_cluster_members and {role} in raft"
