"""CLU013: a node that missed an election."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster import Cluster
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CLU013",
    "node left behind by a newer term",
    Severity.INFO,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.SEVERAL_NODES),
    fires_on=("cluster/old-leader",),
    silent_on=("healthy/steady",),
)
def terms(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The term in every node's metadata.
    ## Why it matters
    Elections raise the term on every node that takes part. One with an older term was down or cut off when the others
    elected; it steps back and follows when it meets them. It tells who was away, and since when.
    ## When it is wrong
    Not at all as an observation.
    ## What to do
    Nothing by itself.
    ## References
    FACTS 1.3, 4.1
    """
    known = [(node, node.metadata) for node in cluster.originals() if node.metadata and cluster.server_of(node)]
    newest = max((metadata.term for _, metadata in known if metadata), default=0)
    ahead = [node.name for node, metadata in known if metadata and metadata.term == newest]
    for node, metadata in known:
        if metadata and metadata.term < newest:
            yield Finding(
                f"{node.name} is at term {metadata.term}, {', '.join(ahead)} at {newest}: it took no part in that election",
                (metadata.at,),
                nodes=(node.name,),
            )
