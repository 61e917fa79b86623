"""CLU008: a directory whose node is not a member."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import ConfigurationChange, Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU008",
    "node that is not a member",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.INFO, Needs.CONFIGURATION),
    fires_on=("cluster/removed-node", "cluster/replaced-node"),
    silent_on=("healthy/running-111",),
)
def not_a_member(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    info.yaml's ID of every node, against the newest configuration of the node that got furthest; and by which entry
    it left.
    ## Why it matters
    A node that was removed keeps a directory which says that it is a member. It cannot get a leader, its service
    hangs or fails, and it asks the members for votes that they will not give. Nothing in its own directory tells.
    ## False alarm if
    A node that is being added right now has its ID before the entry that adds it is written.
    ## What to do
    Where the node should belong: empty its directory and join it again. Else: take the service and the directory off
    that machine, so that nobody recovers from it.
    ## References
    FACTS 6.3, 8.3 (relation 8)
    """
    newest = cluster.configuration
    if newest is None:
        return
    for node in cluster.originals():
        info = node.info.value if node.info else None
        if info is None or not info.id or newest.configuration.by_id(info.id):
            continue
        left = next((e for e in cluster.membership if _left_by(cluster, node, e.index)), None)
        if left is not None and left.forced:
            continue  # CLU004 tells of those that a recovery left behind
        words = _words(node, newest, left.index if left else None)
        evidence = (info.at, left.at if left else newest.configuration.at)
        yield Finding(f"{node.name}: {words}", evidence, nodes=(node.name,), effect=Effect.ATTENTION)


def _left_by(cluster: Cluster, node: Node, index: int) -> bool:
    """The entry at `index` is the first without the node behind one with it."""
    before = [event for event in cluster.membership if event.index < index]
    at = [event for event in cluster.membership if event.index == index]
    was = bool(before and node.id is not None and before[-1].configuration.by_id(node.id))
    return was and any(node.id is not None and event.configuration.by_id(node.id) is None for event in at)


def _words(node: Node, newest: ConfigurationChange, left: int | None) -> str:
    successor = next((s for s in newest.configuration.servers if s.address == node.address), None)
    taken = f"; its address {node.address} now belongs to member {successor.id}" if successor else ""
    if left is not None:
        return f"ID {node.id} was removed by entry {left}, and its directory remains{taken}"
    return f"ID {node.id} of info.yaml is not in the configuration of entry {newest.index}{taken}"
