"""CLU021: a member that the database knows by another name or certificate than the files around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.database.k8sd_tables import MemberRow
from forensics.facts.database.of_cluster import newest_node
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@dataclass(frozen=True, slots=True)
class _Telling:
    """What one file says of the member at an address; None where it does not say."""

    node: str
    where: str
    address: str | None
    name: str | None
    certificate: str | None
    at: Span


@rule(
    "CLU021",
    "member under another name or certificate than in the database",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.DATABASES, Needs.MICROCLUSTER),
    fires_on=("microcluster/table-other-name",),
    silent_on=("healthy/k8sd",),
)
def member_names(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    For each address in core_cluster_members, its name and certificate there, against every node's daemon.yaml,
    truststore and server.crt.
    ## Why it matters
    Names are the keys by which members are removed and promoted, and a request is accepted by the certificate that
    the table or the truststore has. Where the two differ, one machine is trusted under what another would be asked for.
    ## False alarm if
    The truststore follows the table by heartbeats, every 10 s; a table rebuilt from an older log is behind.
    ## What to do
    Compare with `hostname` and server.crt on that machine; correct the file or the table by the product's own command.
    ## References
    canonical/microcluster internal/db, internal/trust; FACTS 8.3 (relations 2, 3)
    """
    node = newest_node(cluster)
    table = next((found for found in node.databases.found if found.members), None) if node else None
    if table is None or not table.members:
        yield NotChecked("no table core_cluster_members could be read")
        return
    rows: dict[str | None, MemberRow] = {row.address: row for row in table.members if row.address}
    for telling in _tellings(cluster):
        row = rows.get(telling.address)
        if row is None:
            continue
        pairs = (("name", telling.name, row.name), ("certificate", telling.certificate, row.fingerprint))
        for what, here, there in pairs:
            if here and there and here != there:
                yield Finding(
                    f"{telling.node}: {telling.where} has {telling.address} with {what} {here[:32]}, and "
                    f"core_cluster_members with {there[:32]}",
                    (telling.at, *table.at[:1]),
                    nodes=(telling.node,),
                )


def _tellings(cluster: Cluster) -> Iterator[_Telling]:
    for node in cluster.originals():
        if node.microcluster is None:
            continue
        daemon = node.microcluster.daemon.value if node.microcluster.daemon else None
        leaf = node.credentials.leaf("server")
        if daemon is not None:
            yield _Telling(node.name, "daemon.yaml", daemon.address, daemon.name, None, daemon.at)
            if leaf is not None:
                yield _Telling(node.name, "server.crt", daemon.address, None, leaf.fingerprint, leaf.at)
        for entry in node.microcluster.entries():
            certificate = entry.certificate.fingerprint if entry.certificate else None
            yield _Telling(node.name, "the truststore", entry.address, entry.name, certificate, entry.at)
