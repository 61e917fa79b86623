"""CLU014: a snapshot that contradicts a log."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster import Cluster
from forensics.facts.columns import configuration_digest
from forensics.rules.api import Finding, Needs, Severity, rule


@rule(
    "CLU014",
    "snapshot that contradicts a log",
    Severity.HIGH,
    scope=Cluster,
    needs=(Needs.SNAPSHOTS, Needs.SEGMENTS),
    fires_on=("cluster/renamed-snapshot",),
    silent_on=("healthy/trimmed-111",),
)
def snapshot_against_log(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    A snapshot's term, against the term of the entry at its index in every log that holds it; and the configuration in
    its `.meta`, against the change entry that it says it came from.
    ## Why it matters
    A snapshot stands for the log up to its index. With another term it is of another history; raft does not check it,
    and picks the newest snapshot by term first.
    ## When it is wrong
    A forced configuration has term 1 wherever it stands; a snapshot right at that entry carries it.
    ## What to do
    Do not start the node. Keep both, and look which of them the other nodes agree with.
    ## References
    FACTS 1.7, 2.3, 4.1
    """
    for node in cluster.nodes:
        for snapshot in node.snapshots:
            if not snapshot.paired:
                continue
            file = snapshot.data_file or snapshot.meta_file
            for other in cluster.nodes:
                term = other.log.term_at(snapshot.name.index)
                if (
                    file
                    and term is not None
                    and term != snapshot.name.term
                    and not _parted(cluster, snapshot.name.index)
                ):
                    yield Finding(
                        f"{node.name}: {snapshot.title} says term {snapshot.name.term}, and entry "
                        f"{snapshot.name.index} of {other.name} has term {term}",
                        (file.at,),
                        nodes=(node.name,),
                    )
                    break
            meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
            if meta is None or meta.configuration is None:
                continue
            for change in node.changes:
                if change.index == meta.configuration_index and configuration_digest(
                    change.configuration
                ) != configuration_digest(meta.configuration):
                    yield Finding(
                        f"{node.name}: {snapshot.title} holds other members than entry {change.index}, which it names",
                        (meta.configuration.at, change.configuration.at),
                        nodes=(node.name,),
                    )


def _parted(cluster: Cluster, index: int) -> bool:
    """The logs part at or before the index, so that terms differ by that alone (CLU001, CLU002)."""
    return any(divergence.index <= index for divergence in cluster.divergences)
