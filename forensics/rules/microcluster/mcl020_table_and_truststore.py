"""MCL020: the table of members and this node's own truststore and daemon.yaml disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.database.cluster_databases import may_be_older
from forensics.facts.database.k8sd_tables import MemberRow
from forensics.facts.node.node import Node
from forensics.fault_kind import FaultKind
from forensics.parsers.microcluster import Daemon, TrustEntry
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words, listed


@dataclass(frozen=True, slots=True)
class NoOwnRow:
    """The table does not list this member.

    Attributes:
        name: of the member, in daemon.yaml.
    """

    kind: ClassVar[str] = "no-own-row"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"core_cluster_members has no row for this member, {self.name}",
            ("The daemon stops when it first looks for its row.",),
            "Ask whether the member was removed. If so, move its state away and let it join again; if not, find out "
            "whether the database was restored from an older backup.",
        )


@dataclass(frozen=True, slots=True)
class OtherOwnAddress:
    """This member at two addresses.

    Attributes:
        name: of the member.
        table_address, daemon_address: in core_cluster_members and in daemon.yaml.
    """

    kind: ClassVar[str] = "other-own-address"
    name: str
    table_address: str
    daemon_address: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"core_cluster_members has this member, {self.name}, at another address than daemon.yaml",
            (f"The table says {self.table_address}, daemon.yaml {self.daemon_address}.",),
        )


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """A member at two addresses.

    Attributes:
        name: of the member.
        table_address, entry_address: in core_cluster_members and in the truststore entry.
    """

    kind: ClassVar[str] = "other-address"
    name: str
    table_address: str
    entry_address: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"core_cluster_members has {self.name} at another address than the truststore",
            (f"The table says {self.table_address}, the truststore entry {self.entry_address}.",),
        )


@dataclass(frozen=True, slots=True)
class OtherCertificate:
    """A member with two certificates.

    Attributes:
        name: of the member.
    """

    kind: ClassVar[str] = "other-certificate"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"core_cluster_members has another certificate of {self.name} than the truststore",
            ("This node refuses the requests of that member.",),
            f"Take the certificate from `server.crt` of {self.name} itself: it must be in both.",
        )


@dataclass(frozen=True, slots=True)
class NoEntries:
    """Rows without a truststore entry.

    Attributes:
        names: of the members.
    """

    kind: ClassVar[str] = "no-entries"
    names: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"members in core_cluster_members have no truststore entry: {listed(self.names)}")


@dataclass(frozen=True, slots=True)
class NoRow:
    """A truststore entry without a row.

    Attributes:
        name: in the entry.
    """

    kind: ClassVar[str] = "no-row"
    name: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(f"{self.name} has a truststore entry, but no row in core_cluster_members")


@rule(
    "MCL020",
    "core_cluster_members and the truststore disagree",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.DATABASES),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/table-other-trust", "microcluster/table-other-address"),
    silent_on=("healthy/k8sd", "microcluster/upgrade-wait"),
)
def table_and_truststore(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    For each name, the truststore entry has the address and certificate of the row in core_cluster_members; and the
    table has the name from daemon.yaml, at the address there. Rows that are PENDING need no truststore entry.
    ## Why it matters
    The leader's heartbeat writes every truststore from this table: an entry that differs has missed it, or was written
    by hand. If a certificate differs, that member's requests are refused. Without a row of its own, the daemon stops
    when it first looks into the table. These two cases are the more serious ones.
    ## False alarm if
    Something changed less than one heartbeat (10 s) before the copy. After a change of addresses by hand the two differ
    until somebody runs the product's cluster recovery.
    ## What to do
    Compare both with what the members themselves say. After a change of addresses, run the product's cluster recovery.
    ## References
    canonical/microcluster internal/rest/resources/heartbeat.go, internal/trust/remotes.go;
    docs/reference/microcluster.md#relations-that-hold (relations 2, 3)
    """
    table = node.databases.of_microcluster
    if node.microcluster is None or table is None:
        return
    if may_be_older(node):
        yield NotChecked("entries behind what the table shows cannot be read, or did not arrive", "table-may-be-older")
        return
    rows = {row.name: row for row in table.members or () if row.name}
    daemon = node.microcluster.daemon.value if node.microcluster.daemon else None
    if daemon is not None and daemon.name and rows:
        yield from _own(rows.get(daemon.name), daemon, daemon.name, table.at)
    if not node.microcluster.whole_truststore:
        yield NotChecked("some truststore entries cannot be read, or did not arrive", "truststore-not-whole")
        return
    entries = {entry.name: entry for entry in node.microcluster.entries() if entry.name}
    yield from _others(rows, entries, table.at)


def _own(row: MemberRow | None, daemon: Daemon, name: str, table: tuple[Span, ...]) -> Iterator[Finding]:
    if row is None:
        yield Finding(NoOwnRow(name), (*table, daemon.at), Severity.MEDIUM)
    elif row.address and daemon.address and row.address != daemon.address:
        yield Finding(OtherOwnAddress(name, row.address, daemon.address), (*table, daemon.at))


def _others(
    rows: Mapping[str, MemberRow], entries: Mapping[str, TrustEntry], table: tuple[Span, ...]
) -> Iterator[Finding]:
    """The members in the table, and those in the truststore, by name."""
    for name in sorted(rows.keys() & entries.keys()):
        yield from _compare(rows[name], entries[name], name)
    absent = tuple(sorted(name for name in rows.keys() - entries.keys() if not rows[name].pending))
    if absent:
        yield Finding(NoEntries(absent), table)
    for name in sorted(entries.keys() - rows.keys()):
        yield Finding(NoRow(name), (entries[name].at, *table), where=(name,))


def _compare(row: MemberRow, entry: TrustEntry, name: str) -> Iterator[Finding]:
    if row.address and entry.address and row.address != entry.address:
        yield Finding(OtherAddress(name, row.address, entry.address), (entry.at,), where=(name,))
    held = entry.certificate.fingerprint if entry.certificate else None
    if row.fingerprint and held and row.fingerprint != held:
        yield Finding(OtherCertificate(name), (entry.at,), Severity.MEDIUM, where=(name,))
