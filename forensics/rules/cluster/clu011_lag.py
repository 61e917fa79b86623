"""CLU011: a node behind the others."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_position import log_position
from forensics.facts.log.entry_range import entry_at
from forensics.facts.node.node import Grade, Node
from forensics.parsers.roles import Role
from forensics.rules.api import Effect, Finding, Needs, Severity, rule

_FEW = 16  # entries in flight between copies of a busy cluster
_UNKNOWN_IN_OPEN = 2048  # what the open segments of a listing may hold, which no name tells


@rule(
    "CLU011",
    "node behind the others",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.NAMES, Needs.SEVERAL_NODES),
    fires_on=("cluster/lagging",),
    silent_on=("healthy/stopped-111",),
)
def lag(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Last index and term of every member with a log, against the node that got furthest. It is `low`, and the cluster
    degraded, where a voter lacks entries that are provably committed: others wrote them without it.
    ## Why it matters
    A node that was down lags, and catches up by itself. While it does, the cluster has one voter less in practice. It
    cannot be elected before it has caught up, and must not be the one to recover from.
    ## False alarm if
    Copies that were taken one after another while the cluster ran differ by what was written in between: whether a
    node was down or only copied earlier, no log tells.
    ## What to do
    Nothing, if it runs and the distance shrinks. Else its journal says why it cannot reach the leader.
    ## References
    FACTS 3.3, 4.2
    """
    nodes = [node for node in cluster.originals() if node.last_index is not None and node.grade is not Grade.YAML]
    if not nodes:
        return
    best = max(nodes, key=log_position)
    for node in nodes:
        server = cluster.server_of(node)
        if node.last_index is None or best.last_index is None or (server and server.role is Role.SPARE):
            continue
        if server is None and cluster.configuration is not None:
            continue
        behind = best.last_index - node.last_index
        if behind > (_FEW if node.log.known_by_content else _UNKNOWN_IN_OPEN):
            voters = _voters_that_hold(cluster, node)
            yield Finding(
                f"{node.name} ends at entry {node.last_index}, {behind} behind {best.name}{voters}{_way(node, best)}",
                _evidence(node),
                severity=Severity.LOW if voters else None,
                nodes=(node.name,),
                effect=Effect.DEGRADED if voters else None,
            )


def _voters_that_hold(cluster: Cluster, node: Node) -> str:
    """How many voters hold what is committed, where this one lacks more than may be in flight; else empty."""
    if cluster.torn:
        return ""  # copied while it wrote: what a copy lacks was written meanwhile, as far as anything tells
    server, committed = cluster.server_of(node), cluster.commit.at_least if cluster.commit else None
    if server is None or server.role is not Role.VOTER or committed is None or cluster.configuration is None:
        return ""
    if committed - (node.last_index or 0) <= _FEW:
        return ""
    roles = [(cluster.server_of(other), other) for other in cluster.originals()]
    seen = [other for server, other in roles if server and server.role is Role.VOTER]
    holding = sum((other.last_index or 0) >= committed for other in seen)
    voters = sum(server.role is Role.VOTER for server in cluster.configuration.configuration.servers)
    unseen = f", {voters - len(seen)} did not arrive" if voters > len(seen) else ""
    why = "it was down, cut off, or copied earlier" if not node.log.damaged() else "its readable log ends there"
    return f" ({why}; {holding} of {voters} voters hold what is committed{unseen})"


def _evidence(node: Node) -> tuple[Span, ...]:
    """Its last entry; else, of a listing, the file that ends there."""
    at = entry_at(node, node.last_index or 0)
    if at is not None:
        return (at,)
    files = [part.file for part in node.log.closed[-1:]]
    files += [file for snapshot in node.snapshots[-1:] if (file := snapshot.data_file or snapshot.meta_file)]
    return tuple(file.at for file in files)


def _way(node: Node, best: Node) -> str:
    """How it will catch up."""
    chain = best.log.chain()
    if chain is None or node.last_index is None:
        return ""
    if chain.first <= node.last_index + 1:
        return "; the entries that it lacks are still in that log"
    return "; that log starts later, so it will be sent a snapshot"
