"""MCL020: the table of members and this node's own truststore and daemon.yaml disagree."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.database.k8sd_tables import MemberRow
from forensics.facts.node.node import Node
from forensics.parsers.microcluster import TrustEntry
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "MCL020",
    "core_cluster_members and the truststore disagree",
    Severity.LOW,
    scope=Node,
    needs=(Needs.MICROCLUSTER, Needs.DATABASES),
    effect=Effect.ATTENTION,
    fires_on=("microcluster/table-other-trust", "microcluster/table-other-address"),
    silent_on=("healthy/k8sd", "microcluster/upgrade-wait"),
)
def table_and_truststore(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    For each name: address and certificate of the truststore entry are those of the row in core_cluster_members; and
    daemon.yaml's name is in that table, at its own address. Pending rows need no truststore entry.
    ## Why it matters
    The leader's heartbeat writes every truststore from this table: what differs has not heard of it, or was written by
    hand. With another certificate (medium) the member's requests are refused; without a row of its own (medium) the
    daemon stops at its first look into the table.
    ## False alarm if
    For one heartbeat (10 s) after a change. After a change of addresses by hand the two differ until someone runs the
    product's cluster recovery.
    ## What to do
    Take the certificate from `server.crt` of the member itself: it is the one that must be in both.
    ## References
    canonical/microcluster internal/rest/resources/heartbeat.go, internal/trust/remotes.go; FACTS 8.3 (relations 2, 3)
    """
    table = next((found for found in node.databases.found if found.members is not None), None)
    if node.microcluster is None or table is None or table.members is None:
        return
    rows = {row.name: row for row in table.members if row.name}
    daemon = node.microcluster.daemon.value if node.microcluster.daemon else None
    if daemon is not None and daemon.name and rows:
        own = rows.get(daemon.name)
        if own is None:
            message = f"core_cluster_members has no row for {daemon.name}, which daemon.yaml calls this member"
            yield Finding(message, (*table.at, daemon.at), Severity.MEDIUM)
        elif own.address and daemon.address and own.address != daemon.address:
            message = f"core_cluster_members has {daemon.name} at {own.address}, daemon.yaml says {daemon.address}"
            yield Finding(message, (*table.at, daemon.at))
    if any(trust.entry is None for trust in node.microcluster.truststore) or not node.microcluster.truststore:
        yield NotChecked("some truststore entries cannot be read, or there are none")
        return
    entries = {entry.name: entry for entry in node.microcluster.entries() if entry.name}
    for name in sorted(rows.keys() & entries.keys()):
        yield from _compare(rows[name], entries[name], name)
    absent = sorted(name for name in rows.keys() - entries.keys() if not rows[name].pending)
    if absent:
        yield Finding(f"in core_cluster_members without a truststore entry: {', '.join(absent)}", table.at)
    for name in sorted(entries.keys() - rows.keys()):
        yield Finding(f"in the truststore without a row in core_cluster_members: {name}", (entries[name].at, *table.at))


def _compare(row: MemberRow, entry: TrustEntry, name: str) -> Iterator[Finding]:
    if row.address and entry.address and row.address != entry.address:
        message = f"{name} is at {row.address} in core_cluster_members and at {entry.address} in the truststore"
        yield Finding(message, (entry.at,))
    held = entry.certificate.fingerprint if entry.certificate else None
    if row.fingerprint and held and row.fingerprint != held:
        message = f"{name} has another certificate in core_cluster_members than in the truststore"
        yield Finding(message, (entry.at,), Severity.MEDIUM)
