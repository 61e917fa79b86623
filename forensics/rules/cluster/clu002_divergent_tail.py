"""CLU002: a tail that other nodes replaced, or never got."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Kind, Side
from forensics.facts.cluster.words import never_words
from forensics.facts.log.entry_range import entry_at, entry_range, holds
from forensics.facts.log.range_writes import range_writes
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CLU002",
    "divergent tail",
    Severity.LOW,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/old-leader",),
    silent_on=("cluster/leader-ahead", "healthy/running-111"),
)
def divergent_tail(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries at one index with different terms, of which at most one side provably is committed.
    ## Why it matters
    Raft's daily life: a leader wrote entries that no majority got, died, and the others elected another. When the node
    comes back its tail is cut off without a message. Its clients were never told that those writes succeeded; but who
    recovers the cluster from this node brings them back, and loses what the others committed.
    ## False alarm if
    Not at all as an observation. Where neither side is proved, the message says so.
    ## What to do
    Nothing, if the cluster runs. Before a recovery: do not take this node (`plan` says which).
    ## References
    The Raft paper, section 5.3; FACTS 4.1, 4.2
    """
    for divergence in cluster.divergences:
        proved = cluster.committed_sides(divergence)
        if divergence.kind not in (Kind.CONFLICT, Kind.FORCED) or len(proved) > 1:
            continue
        kept = proved[0] if proved else divergence.sides[0]
        for side in divergence.sides:
            if side is kept:
                continue
            fate = _fate(cluster, side, kept, proved=bool(proved))
            evidence = [entry_at(cluster.node(name), divergence.index) for name in (side.nodes[0], kept.nodes[0])]
            yield Finding(
                f"{', '.join(side.nodes)} has, of term {side.term}, {holds(cluster, side, divergence.index)}; {fate}",
                tuple(at for at in evidence if at),
                nodes=side.nodes,
            )
    yield from _below_a_snapshot(cluster)


def _below_a_snapshot(cluster: Cluster) -> Iterator[Finding]:
    """Where no other log reaches back to the tail, but a snapshot of a later term covers it."""
    parted = {name for divergence in cluster.divergences for side in divergence.sides for name in side.nodes}
    for name, never in (cluster.commit.never if cluster.commit else {}).items():
        if name not in parted:
            node = cluster.node(name)
            at = entry_at(node, never.index)
            wrote = f"{entry_range(node, never.index)}: {range_writes(node, never.index).words(5)}"
            yield Finding(f"{name} has {wrote}; {never_words(never)}", (at,) if at else (), nodes=(name,))


def _fate(cluster: Cluster, side: Side, kept: Side, *, proved: bool) -> str:
    names, others = ", ".join(kept.nodes), f"others of term {kept.term} there"
    if proved:
        return f"{names} committed others in term {kept.term} there: they are dropped when it joins"
    never = cluster.commit.never if cluster.commit else {}
    if any(name in never for name in side.nodes):
        return (
            f"{names} hold{'s' * (len(kept.nodes) == 1)} {others}: its leader had not these, they never were committed"
        )
    return f"{names} hold{'s' * (len(kept.nodes) == 1)} {others}, and neither provably is committed"
