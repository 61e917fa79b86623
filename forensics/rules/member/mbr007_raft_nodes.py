"""MBR007: LXD's local database and the raft configuration name different members."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Finding, Needs, NotChecked, Severity, rule


@rule(
    "MBR007",
    "raft_nodes and the raft configuration disagree",
    Severity.LOW,
    scope=Node,
    needs=(Needs.CONFIGURATION,),
    effect=Effect.ATTENTION,
    fires_on=("member/raft-nodes-differ",),
    silent_on=("member/raft-nodes-agree",),
)
def raft_nodes(node: Node) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The addresses of `raft_nodes` in LXD's (or Incus') local.db are those of the newest raft configuration on this node.
    ## Why it matters
    The daemon looks for the leader at the addresses of this table, and `cluster edit` starts from it: an address that
    is gone makes the node wait for nobody, and a recovery from an old table leaves members out.
    ## False alarm if
    The table is a cache that heartbeats refresh: it lags for seconds after each change, and on a node that was cut off
    for as long as that lasted.
    ## What to do
    Take the members from the raft configuration. Before a recovery compare `lxd cluster show` (on a node that runs)
    with what `lxd cluster edit` offers.
    ## References
    canonical/lxd lxd/db/node, lxd/cluster/recover.go; FACTS 9.1
    """
    if node.local is None:
        yield NotChecked("no local.db of LXD or Incus")
        return
    if node.configuration is None or not node.local.nodes:
        return
    known = {member.address for member in node.local.nodes}
    servers = {server.address for server in node.configuration.configuration.servers}
    evidence = (node.local.at, node.configuration.configuration.at)
    if servers - known:
        yield Finding(f"in raft and not in raft_nodes: {', '.join(sorted(servers - known))}", evidence)
    if known - servers:
        yield Finding(f"in raft_nodes and not in raft: {', '.join(sorted(known - servers))}", evidence)
