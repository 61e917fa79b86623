"""ID007: two members of cluster.yaml with one ID or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.parsers.member_record import MemberRecord
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "ID007",
    "cluster.yaml lists an ID or address twice",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.CLUSTER,),
    fires_on=("identity/duplicate-id", "identity/duplicate-address"),
    silent_on=("healthy/trimmed-111", "healthy/lagging-118"),
)
def duplicate_member(node: Node) -> Iterator[Finding]:
    """## What it checks
    No two members of cluster.yaml have the same ID (0 apart) or the same address.
    ## Why it matters
    The list comes from the raft configuration, which refuses both. Two members with one address are what a host leaves
    that joined a second time without having left; two with one ID are two hosts with a copied directory. Either can
    cost the majority, as both count as voters.
    ## False alarm if
    Files that were edited by hand.
    ## What to do
    Compare with the newest raft configuration. If the double is there too, remove the dead member by its ID, through
    the leader.
    ## References
    https://github.com/canonical/microk8s/issues/1604; https://github.com/canonical/microk8s/issues/5000; FACTS 4.1, 6.3
    """
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    groups: dict[str, list[MemberRecord]] = defaultdict(list)
    for member in members:
        if member.id:
            groups[f"ID {member.id}"].append(member)
        if member.address:
            groups[f"address {member.address}"].append(member)
    for what, same in groups.items():
        if len(same) > 1:
            message = f"{what} stands {len(same)} times in cluster.yaml"
            yield Finding(message, tuple(member.at for member in same))
