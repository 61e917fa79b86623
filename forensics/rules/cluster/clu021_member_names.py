"""CLU021: a member that the database knows by another name or certificate than the files around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.cluster_databases import newest_node
from forensics.facts.database.k8sd_tables import MemberRow
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule
from forensics.wording import Words

_SHOWN = 32  # characters of a name or a fingerprint


class Property(Enum):
    """What differs."""

    NAME = "name"
    CERTIFICATE = "certificate"


class Source(Enum):
    """Which file says otherwise than the table."""

    DAEMON = "daemon.yaml"
    CERTIFICATE = "server.crt"
    TRUSTSTORE = "the truststore"


@dataclass(frozen=True, slots=True)
class OtherName:
    """A member whose name or certificate is another one in a file than in the table.

    Attributes:
        source: the file; in the truststore, each member has one of its own.
        address: of the member.
        what: name or certificate.
        in_file, in_table: both values; of certificates the SHA-256, in hex.
    """

    kind: ClassVar[str] = "other-name"
    node: str
    source: Source
    address: str
    what: Property
    in_file: str
    in_table: str

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.source.value} of {self.node} has another {self.what.value} for {self.address} than the database",
            (
                f"In {self.source.value} it is {self.in_file[:_SHOWN]}.",
                f"In core_cluster_members it is {self.in_table[:_SHOWN]}.",
            ),
        )


@dataclass(frozen=True, slots=True)
class _Telling:
    """What one file says of the member at an address; None where it does not say."""

    node: str
    source: Source
    address: str | None
    name: str | None
    certificate: str | None
    at: Span


@rule(
    "CLU021",
    "member with another name or certificate than in the database",
    Severity.LOW,
    fault=FaultKind.MEMBER_RECORDS,
    scope=Cluster,
    needs=(Needs.DATABASES, Needs.MICROCLUSTER),
    fires_on=("microcluster/table-other-name",),
    silent_on=("healthy/k8sd",),
)
def member_names(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The name and the certificate of each address in core_cluster_members, against every node's daemon.yaml, truststore
    and server.crt.
    ## Why it matters
    Members are removed and promoted by their names, and a request is accepted by the certificate that the table or the
    truststore has. If they differ, one machine is trusted under a name or certificate that belongs to another.
    ## False alarm if
    The table was rebuilt from an older log. The truststore follows the table with each heartbeat, every 10 seconds.
    ## What to do
    Compare with `hostname` and server.crt on that machine. Correct the file or the table with the product's own
    command.
    ## References
    canonical/microcluster internal/db, internal/trust;
    docs/reference/microcluster.md#relations-that-hold (relations 2, 3)
    """
    node = newest_node(cluster)
    table = next((found for found in node.databases.found if found.members), None) if node else None
    if table is None or not table.members:
        yield NotChecked("no table core_cluster_members could be read", "no-member-table")
        return
    rows = {row.address: row for row in table.members if row.address}
    for telling in _tellings(cluster):
        row = rows.get(telling.address or "")
        for problem in _compare(telling, row) if row else ():
            yield Finding(
                problem,
                (telling.at, *table.at[:1]),
                nodes=(telling.node,),
                where=(problem.source.value, problem.address, problem.what.value, problem.in_file),
            )


def _compare(telling: _Telling, row: MemberRow) -> Iterator[OtherName]:
    """What both tell of the member, and differently."""
    pairs = (
        (Property.NAME, telling.name, row.name),
        (Property.CERTIFICATE, telling.certificate, row.fingerprint),
    )
    for what, here, there in pairs:
        if here and there and here != there and row.address:
            yield OtherName(telling.node, telling.source, row.address, what, here, there)


def _tellings(cluster: Cluster) -> Iterator[_Telling]:
    for node in cluster.originals():
        if node.microcluster is None:
            continue
        daemon = node.microcluster.daemon.value if node.microcluster.daemon else None
        leaf = node.credentials.leaf("server")
        if daemon is not None:
            yield _Telling(node.name, Source.DAEMON, daemon.address, daemon.name, None, daemon.at)
            if leaf is not None:
                yield _Telling(node.name, Source.CERTIFICATE, daemon.address, None, leaf.fingerprint, leaf.at)
        for entry in node.microcluster.entries():
            certificate = entry.certificate.fingerprint if entry.certificate else None
            yield _Telling(node.name, Source.TRUSTSTORE, entry.address, entry.name, certificate, entry.at)
