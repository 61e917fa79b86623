"""MCL008: the table of members and the raft configuration disagree."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import may_be_older, newest_node
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed, sentences

_NOTHING_IN_COMMON = "Table and raft have no address in common."
_STEPS_NOTHING_IN_COMMON = (
    "Find out whether the network was renumbered, or whether this is the database of another cluster. After a change "
    "of addresses run the product's cluster recovery, which rewrites both."
)


@dataclass(frozen=True, slots=True)
class WithoutRow:
    """Raft members that the table lacks.

    Attributes:
        addresses: of the members.
        in_common: table and raft have some address in common.
    """

    kind: ClassVar[str] = "without-row"
    addresses: tuple[str, ...]
    in_common: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"core_cluster_members has no row for the raft members {listed(self.addresses)}",
            sentences("" if self.in_common else _NOTHING_IN_COMMON),
            None if self.in_common else _STEPS_NOTHING_IN_COMMON,
        )


@dataclass(frozen=True, slots=True)
class WithoutRaftMember:
    """Rows of the table whose members raft lacks.

    Attributes:
        addresses: in the rows.
        in_common: table and raft have some address in common.
    """

    kind: ClassVar[str] = "without-raft-member"
    addresses: tuple[str, ...]
    in_common: bool

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"core_cluster_members has members that are not in raft: {listed(self.addresses)}",
            sentences("" if self.in_common else _NOTHING_IN_COMMON),
            None if self.in_common else _STEPS_NOTHING_IN_COMMON,
        )


@dataclass(frozen=True, slots=True)
class OtherRole:
    """A member with different roles.

    Attributes:
        address: of the member.
        table_role, raft_role: in core_cluster_members and in raft; None where raft's is of no known kind.
    """

    kind: ClassVar[str] = "other-role"
    address: str
    table_role: str
    raft_role: str | None

    def words(self, _: Severity) -> Words:
        """See Problem."""
        raft = self.raft_role or "an unknown role"
        return Words(f"{self.address} is {self.table_role} in core_cluster_members, but {raft} in raft")


@rule(
    "MCL008",
    "core_cluster_members and the raft configuration disagree",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Cluster,
    needs=(Needs.DATABASES, Needs.CONFIGURATION),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/table-other-address", "microcluster/table-other-role"),
    silent_on=("healthy/k8sd",),
)
def member_table(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    microcluster's table of members has the same addresses as raft, and the same role for each. Rows that are PENDING
    have no raft member yet.
    ## Why it matters
    A raft member without a row was removed or joined only half: it votes, and no command shows it. A row without a raft
    member is shown as a member and holds no data. If table and raft have no address in common, the network was
    renumbered, or the database belongs to another cluster; this is the more serious case.
    ## False alarm if
    A join or removal was under way: the leader's heartbeat writes roles every 10 s, so the two can differ for moments.
    ## What to do
    Compare with the truststore. Remove what is no member with the product's command.
    ## References
    canonical/microcluster internal/db; docs/reference/microcluster.md#tables;
    docs/reference/microcluster.md#relations-that-hold (relations 3, 4, 7)
    """
    node = newest_node(cluster)
    table = node.databases.of_microcluster if node else None
    if node is None or table is None or node.configuration is None:
        return
    if may_be_older(node):
        yield NotChecked("entries behind what the table shows cannot be read, or did not arrive", "table-may-be-older")
        return
    configuration = node.configuration.configuration
    rows = {row.address: row.role for row in table.members or () if not row.pending and row.address}
    servers = {server.address: server.role.value if server.role else None for server in configuration.servers}
    evidence = (*table.at, configuration.at)
    yield from _on_one_side(rows.keys(), servers.keys(), evidence)
    for address in sorted(rows.keys() & servers.keys()):
        told, raft = rows[address], servers[address]
        if told is not None and told != raft:
            yield Finding(OtherRole(address, told, raft), evidence, where=(address,))


def _on_one_side(rows: Set[str], servers: Set[str], evidence: tuple[Span, ...]) -> Iterator[Finding]:
    """Addresses that only the table has, or only raft."""
    in_common = bool(rows & servers) or not rows
    severity = None if in_common else Severity.MEDIUM
    if absent := tuple(sorted(servers - rows)):
        yield Finding(WithoutRow(absent, in_common), evidence, severity)
    if extra := tuple(sorted(rows - servers)):
        yield Finding(WithoutRaftMember(extra, in_common), evidence, severity)
