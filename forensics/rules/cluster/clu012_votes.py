"""CLU012: a vote for a server that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.rules.api import Finding, Needs, NotChecked, Severity, rule


@rule(
    "CLU012",
    "vote for an unknown server",
    Severity.MEDIUM,
    scope=Cluster,
    needs=(Needs.METADATA, Needs.CONFIGURATION),
    fires_on=("cluster/unknown-vote",),
    silent_on=("cluster/old-leader", "healthy/running-111"),
)
def votes(cluster: Cluster) -> Iterator[Finding | NotChecked]:
    """## What it checks
    The vote in every node's metadata, against the IDs of all configurations that logs and snapshots hold, and of all
    info.yaml and cluster.yaml files.
    ## Why it matters
    A node votes for members of its configuration only. A vote for anybody else means that the metadata is another
    cluster's, damaged, or older than everything else here.
    ## False alarm if
    The candidate may have been removed long ago, and the log that told of it trimmed.
    ## What to do
    Compare the file with a copy; ask where the directory came from.
    ## References
    FACTS 1.3, 4.1
    """
    known = {server.id for event in cluster.membership for server in event.configuration.servers}
    known |= {node.id for node in cluster.nodes if node.id is not None}
    known |= {
        m.id
        for node in cluster.nodes
        if node.cluster and node.cluster.value
        for m in node.cluster.value.members
        if m.id
    }
    trimmed = not any(event.index == 1 for event in cluster.membership)
    for node in cluster.nodes:
        metadata = node.metadata
        if metadata and metadata.voted_for and metadata.voted_for not in known:
            yield Finding(
                f"{node.name} voted for {metadata.voted_for} in term {metadata.term}, an ID that no configuration has",
                (metadata.at,),
                Severity.LOW if trimmed else None,
                nodes=(node.name,),
            )
