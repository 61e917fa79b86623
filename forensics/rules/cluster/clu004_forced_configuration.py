"""CLU004: a configuration that was written by hand, and the nodes that do not have it."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.membership import Membership
from forensics.facts.cluster.words import forced_words, members_change_words
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@rule(
    "CLU004",
    "forced configuration",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.CONFIGURATION,),
    fires_on=("cluster/forced-recovery", "cluster/address-change"),
    silent_on=("cluster/removed-node", "healthy/running-111"),
)
def forced_configuration(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Change entries that raft cannot have written: the term falls to 1, or several servers change at once; and which
    nodes' logs lack such an entry.
    ## Why it matters
    It is the trace of a recovery (`.reconfigure`, update.yaml, cluster-recover, `lxd cluster edit`) or of a change of
    addresses. That is fine where every directory that is still used has the entry. A directory without it still
    believes in the old members: such nodes, where they were a majority, elect a leader of their own, and there are two
    histories.
    ## False alarm if
    LXD and Juju write one when a standalone server becomes a cluster. In a cluster's first term, a removal that stands
    alone in a segment because the node stopped right behind it looks the same: there the message says "seems".
    ## What to do
    Keep nodes that lack the entry stopped. Give them the recovered node's data (the recovery's tarball), or an empty
    directory and a new join; never start them as they are.
    ## References
    FACTS 4.4; canonical/lxd#13524
    """
    for event in cluster.membership:
        if not event.forced:
            continue
        left = [node for node in cluster.originals() if node.name not in event.nodes and _lacks(node, event)]
        seems = "seems to force" if event.suspected else "forces"
        why, change = forced_words(event.forced), members_change_words(event.change)
        what = f"entry {event.index} {seems} a configuration ({why}): {change}"
        if not left:
            yield Finding(what, (event.at,), nodes=event.nodes)
            continue
        names = ", ".join(node.name for node in left)
        if _majority(left) and not event.suspected:
            danger = (
                f"{names} do not have it and are a majority of the members that they know: started, they go on alone"
            )
            yield Finding(
                f"{what}; {danger}",
                (event.at, *_spans(left)),
                Severity.HIGH,
                tuple(n.name for n in left),
                Effect.DEGRADED,
            )
        else:
            yield Finding(
                f"{what}; {names} {'does' if len(left) == 1 else 'do'} not have it: not to be started as before",
                (event.at, *_spans(left)),
                Severity.LOW,
                tuple(node.name for node in left),
            )


def _lacks(node: Node, event: Membership) -> bool:
    """Its newest configuration is an older one (a log that starts behind the entry has it in its snapshot)."""
    own = node.configuration
    return own is not None and own.index < event.index


def _majority(nodes: list[Node]) -> bool:
    """Together they could elect a leader by what their own newest configuration says."""
    for node in nodes:
        if node.configuration:
            voters = {voter.id for voter in node.configuration.configuration.voters()}
            if len(voters & {other.id for other in nodes}) > len(voters) // 2:
                return True
    return False


def _spans(nodes: list[Node]) -> Iterator[Span]:
    for node in nodes:
        if node.configuration:
            yield node.configuration.configuration.at
