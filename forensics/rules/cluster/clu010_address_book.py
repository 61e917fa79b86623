"""CLU010: a cluster.yaml that lists other members than the raft configuration."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Configuration
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CLU010",
    "cluster.yaml lags behind the members",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.CLUSTER, Needs.CONFIGURATION),
    fires_on=("cluster/old-address-book",),
    silent_on=("healthy/running-111",),
)
def address_book(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    IDs, addresses and roles in every cluster.yaml, against the newest configuration of the node that got furthest; of
    a node with a history of its own that went as far, against its own.
    ## Why it matters
    cluster.yaml is an address book for finding a leader. It is refreshed from the leader every 30 seconds (10 with
    microcluster) and frozen when the node stops, so it lags as a rule. Raft does not read it. It hurts only where all
    addresses in it are gone: then the node finds nobody.
    ## False alarm if
    Right after a change of the members it is one round late.
    ## What to do
    Nothing, while one address in it is still a member's. After a recovery, write the new list on every node.
    ## References
    FACTS 6.3; canonical/go-dqlite#311
    """
    newest = cluster.configuration
    if newest is None:
        return
    for node in cluster.originals():
        members = node.cluster.value if node.cluster else None
        if members is None:
            continue
        own = node.configuration
        against = own if own and own.index >= newest.index else newest
        differences = _differences(node, against.configuration)
        if differences:
            none_left = not {m.address for m in members.members} & {s.address for s in against.configuration.servers}
            worse = "; no address in it is a member's any more" if none_left else ""
            yield Finding(
                f"{node.name}: cluster.yaml against the configuration of entry {against.index}: "
                f"{'; '.join(differences)}{worse}",
                (members.at, against.configuration.at),
                Severity.MEDIUM if none_left and len(members.members) > 0 else None,
                nodes=(node.name,),
            )


def _differences(node: Node, configuration: Configuration) -> list[str]:
    """In words; members that both have and tell the same of are left out."""
    listed = node.cluster.value.members if node.cluster and node.cluster.value else ()
    by_id = {member.id: member for member in listed if member.id}
    words = []
    for server in configuration.servers:
        member = by_id.get(server.id) or next((m for m in listed if m.address == server.address), None)
        if member is None:
            words.append(f"{server.address} is missing")
        elif member.id and member.id != server.id:
            words.append(f"{server.address} as ID {member.id}, not {server.id}")
        elif member.address != server.address:
            words.append(f"ID {server.id} at {member.address}, not {server.address}")
        elif member.role != server.role and member.id:
            old, new = (role.value if role else "unknown" for role in (member.role, server.role))
            words.append(f"{server.address} as {old}, not {new}")
    ids = {server.id for server in configuration.servers}
    addresses = {server.address for server in configuration.servers}
    strangers = [member for member in listed if member.id and member.id not in ids and member.address not in addresses]
    words += [f"{member.address} is no member" for member in strangers]
    return words
