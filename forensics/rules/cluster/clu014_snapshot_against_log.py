"""CLU014: a snapshot that contradicts a log."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.facts.node.node import Node, Snapshot
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
    and picks the newest snapshot by term first. Only entries of an older term on another node are normal: a tail that
    never was committed, from before the snapshot's term.
    ## False alarm if
    A forced configuration has term 1 wherever it stands; a snapshot right at that entry carries it.
    ## What to do
    Do not start the node. Keep both, and look which of them the other nodes agree with.
    ## References
    FACTS 1.7, 2.3, 4.1
    """
    for node in cluster.nodes:
        for snapshot in node.snapshots:
            if snapshot.paired:
                yield from _terms(cluster, node, snapshot)
                yield from _members(node, snapshot)


def _terms(cluster: Cluster, node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    """The first log that has another term at the snapshot's index, where raft does not explain it."""
    file, name = snapshot.data_file or snapshot.meta_file, snapshot.name
    for other in cluster.nodes:
        term = other.log.term_at(name.index)
        if file is None or term is None or term == name.term or cluster.parted(node.name, other.name, name.index):
            continue
        if term > name.term or other is node or _is_committed(cluster, other, name.index):  # else an old leader's tail
            words = f"{node.name}: {snapshot.title} says term {name.term}, and entry {name.index} of {other.name} has"
            yield Finding(f"{words} term {term}", (file.at,), nodes=(node.name,))
            return


def _is_committed(cluster: Cluster, node: Node, index: int) -> bool:
    proof = cluster.commit.proofs.get(node.name) if cluster.commit else None
    return proof is not None and proof.index >= index


def _members(node: Node, snapshot: Snapshot) -> Iterator[Finding]:
    meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
    if meta is None or meta.configuration is None:
        return
    digest = configuration_digest(meta.configuration)
    for change in node.changes:
        if change.index == meta.configuration_index and configuration_digest(change.configuration) != digest:
            yield Finding(
                f"{node.name}: {snapshot.title} holds other members than entry {change.index}, which it names",
                (meta.configuration.at, change.configuration.at),
                nodes=(node.name,),
            )
