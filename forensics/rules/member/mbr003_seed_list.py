"""MBR003: cluster.yaml is only a seed list: the node never joined."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "MBR003",
    "cluster.yaml is only a seed list: the node never joined",
    Severity.HIGH,
    scope=Node,
    needs=(Needs.CLUSTER,),
    effect=Effect.NODE_DOWN,
    fires_on=("member/seed-list",),
    silent_on=("healthy/running-111",),
)
def seed_list(node: Node) -> Iterator[Finding]:
    """## What it checks
    Whether all ids in cluster.yaml are 0 (and there is more than one entry, or the node carries other traces of a
    start).
    ## Why it matters
    At the first start go-dqlite writes the addresses that it was given, with id 0. As soon as a leader is found the
    real list replaces them. If the zeros stay, this node never reached a leader: its join is incomplete, and it has
    no view of the membership.
    ## False alarm if
    A copy made within the first seconds of a node's life.
    ## What to do
    Find out why the node cannot reach the leader (address, port, certificate, latency). If it is in the others'
    list, remove it there before it joins again.
    ## References
    https://github.com/canonical/microk8s/issues/2033; FACTS 6.3
    """
    members = node.cluster.value.members if node.cluster and node.cluster.value else ()
    if members and all(member.id == 0 for member in members):
        count = len(members)
        message = f"all {count} ids in cluster.yaml are 0: a seed list, the node never completed its join"
        if count == 1:
            message = "the only id in cluster.yaml is 0: the node never finished its first start"
        yield Finding(message, tuple(member.at for member in members[:3]))
