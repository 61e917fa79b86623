"""CLU017: entries that only a minority has."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.entry_range import entry_at, entry_range
from forensics.facts.log.range_writes import range_writes
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CLU017",
    "entries that only a minority has",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/leader-ahead",),
    silent_on=("healthy/stopped-111",),
)
def minority_tail(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries at the end of a member's log that no other entry contradicts, but that fewer than a majority of the voters
    hold, absent voters counted as if they did.
    ## Why it matters
    They are not committed, and nobody was told that they are; but they are not gone either. If this node leads next,
    they stay; if another does, it cuts them off. A recovery from this node keeps them, from any other it does not.
    ## False alarm if
    Copies that were taken one after another while the cluster ran show what was in flight.
    ## What to do
    Nothing. Where such a write matters, look for it after the cluster runs again.
    ## References
    The Raft paper, section 5.4; FACTS 4.2
    """
    at_most = cluster.commit.at_most if cluster.commit else None
    if at_most is None:
        return
    parted = {name for divergence in cluster.divergences for side in divergence.sides for name in side.nodes}
    for node in cluster.originals():
        if node.name not in parted and cluster.server_of(node) and (node.last_index or 0) > at_most:
            at = entry_at(node, at_most + 1)
            if at is not None:
                what = f"{node.name} has {entry_range(node, at_most + 1)} that no majority of the voters holds"
                wrote = range_writes(node, at_most + 1).words(5)
                yield Finding(f"{what}, and that stay only if it leads next: {wrote}", (at,), nodes=(node.name,))
