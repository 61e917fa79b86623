"""CLU013: a node that missed an election."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CLU013",
    "node left behind by a newer term",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.SEVERAL_NODES),
    fires_on=("cluster/old-leader",),
    silent_on=("healthy/running-111",),
)
def terms(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The term in every node's metadata.
    ## Why it matters
    Elections raise the term on every node that takes part. One with an older term was down or cut off when the others
    elected; it steps back and follows when it meets them. It tells who was away, and since when.
    ## False alarm if
    Not at all as an observation.
    ## What to do
    Nothing by itself.
    ## References
    FACTS 1.3, 4.1
    """
    known = [(node, node.metadata) for node in cluster.originals() if cluster.server_of(node)]
    newest = max((metadata.term for _, metadata in known if metadata is not None), default=0)
    ahead = ", ".join(node.name for node, metadata in known if metadata is not None and metadata.term == newest)
    for node, metadata in known:
        if metadata is not None and metadata.term < newest:
            message = f"{node.name} is at term {metadata.term}, {ahead} at {newest}: it took no part in that election"
            yield Finding(message, (metadata.at,), nodes=(node.name,))
