"""CLU014: a snapshot that contradicts a log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.facts.node.node import Node, Snapshot
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class OtherTerm:
    """A snapshot whose term is not that of the entry at its index.

    Attributes:
        snapshot: its name.
        index, term: as the name has them.
        other: whose log has another term there.
        other_term: that term.
    """

    kind: ClassVar[str] = "other-term"
    node: str
    snapshot: str
    index: int
    term: int
    other: str
    other_term: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        whose = "its own log" if self.other == self.node else f"the log of {self.other}"
        return Words(
            f"{self.snapshot} of {self.node} contradicts {whose}",
            (f"By the snapshot, entry {self.index} has term {self.term}; in {whose} it has term {self.other_term}.",),
        )


@dataclass(frozen=True, slots=True)
class OtherMembers:
    """A snapshot whose members are not those of the entry that it names for them.

    Attributes:
        snapshot: its name.
        configuration: the entry.
    """

    kind: ClassVar[str] = "other-members"
    node: str
    snapshot: str
    configuration: int

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.snapshot} of {self.node} has other members than the log entry that it names",
            (f"It says that its members are those of entry {self.configuration}.",),
        )


@rule(
    "CLU014",
    "snapshot that contradicts a log",
    Severity.HIGH,
    fault=FaultKind.LOG_INCONSISTENT,
    scope=Cluster,
    needs=(Needs.SNAPSHOTS, Needs.SEGMENTS),
    fires_on=("cluster/renamed-snapshot",),
    silent_on=("healthy/trimmed-111",),
)
def snapshot_against_log(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The term of a snapshot, against the term of the entry at its index in every log that holds it; and the configuration
    in its `.meta` file, against the entry that it says it came from.
    ## Why it matters
    A snapshot replaces the log up to its index. With another term it belongs to another history. Raft does not check
    that, and prefers the snapshot with the highest term. Only one case is normal: another node has an entry of an older
    term there that never was committed.
    ## False alarm if
    A configuration was forced exactly at the snapshot's index: such an entry has term 1, whatever the term around it.
    ## What to do
    Do not start the node. Keep both files, and see which of them the other nodes agree with.
    ## References
    docs/reference/snapshots.md#snapshot-metadata; docs/reference/start.md#listing-and-sorting;
    docs/reference/raft.md#what-must-hold
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
            problem = OtherTerm(node.name, snapshot.title, name.index, name.term, other.name, term)
            yield Finding(problem, (file.at,), nodes=(node.name,), where=(snapshot.title,))
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
                OtherMembers(node.name, snapshot.title, change.index),
                (meta.configuration.at, change.configuration.at),
                nodes=(node.name,),
                where=(snapshot.title, change.index),
            )
