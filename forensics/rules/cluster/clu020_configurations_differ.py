"""CLU020: one entry's members, told differently by two nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.member_changes import MembersChange, members_change
from forensics.facts.cluster.words import members_change_words
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.fault_kind import FaultKind
from forensics.parsers.configuration import Configuration
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.wording import Words


@dataclass(frozen=True, slots=True)
class ConfigurationsDiffer:
    """Two tellings of one entry's members.

    Attributes:
        index: of the entry.
        snapshot: name of the snapshot that tells otherwise; None where the log does.
        usual_node, usual_snapshot: who tells what most tell, and in which snapshot; None for its log.
        change: from the usual members to these.
    """

    kind: ClassVar[str] = "configurations-differ"
    node: str
    index: int
    snapshot: str | None
    usual_node: str
    usual_snapshot: str | None
    change: MembersChange

    def words(self, _: Severity) -> Words:
        """See Problem."""
        here, usual = self.snapshot or "the log", self.usual_snapshot or "the log"
        return Words(
            f"{here} of {self.node} has other members for entry {self.index} than {usual} of {self.usual_node}",
            (f"From the members of {self.usual_node} to those of {self.node}: {members_change_words(self.change)}.",),
        )


@dataclass(frozen=True, slots=True)
class _Telling:
    """Where one node tells the members of an entry: in a snapshot, by name, or (None) in its log."""

    node: str
    snapshot: str | None
    configuration: Configuration

    @property
    def at(self) -> Span:
        return self.configuration.at

    @property
    def digest(self) -> int:
        return configuration_digest(self.configuration)


@rule(
    "CLU020",
    "two configurations of one entry",
    Severity.HIGH,
    fault=FaultKind.FORCED_CONFIGURATION,
    scope=Cluster,
    needs=(Needs.SNAPSHOTS, Needs.CONFIGURATION),
    effect=Effect.DEGRADED,
    fires_on=("cluster/snapshot-members",),
    silent_on=("healthy/trimmed-111",),
)
def configurations_differ(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    The members that snapshots name for an entry, against what the other snapshots and the logs of all nodes name for
    the same entry: IDs, addresses, roles.
    ## Why it matters
    One entry has one configuration, on every node. A node that starts from a snapshot takes its members from there, and
    so who votes, which addresses it dials, and what a majority is. Two nodes that count differently elect two leaders.
    ## False alarm if
    Configurations were forced on two nodes at one index, separately (CLU001 and CLU004 say so), and the logs no longer
    hold these entries.
    ## What to do
    Do not start the node that differs. Find out who wrote its snapshot: raft does not write such a file, and its
    checksum is right.
    ## References
    docs/reference/snapshots.md#snapshot-metadata; docs/reference/raft.md#what-must-hold
    """
    by_index: dict[int, list[_Telling]] = defaultdict(list)
    for index, telling in _tellings(cluster):
        by_index[index].append(telling)
    for index, tellings in sorted(by_index.items()):
        digests = [telling.digest for telling in tellings]
        usual = max(tellings, key=lambda telling: digests.count(telling.digest))
        for telling in tellings:
            if telling.digest != usual.digest and not _explained(cluster, telling, usual, index):
                change = members_change(usual.configuration, telling.configuration)
                yield Finding(
                    ConfigurationsDiffer(telling.node, index, telling.snapshot, usual.node, usual.snapshot, change),
                    (telling.at, usual.at),
                    nodes=(telling.node,),
                    where=(index, telling.snapshot or "log"),
                )


def _tellings(cluster: Cluster) -> Iterator[tuple[int, _Telling]]:
    for node in cluster.nodes:
        for snapshot in node.snapshots:
            meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
            if meta and meta.configuration:
                yield meta.configuration_index, _Telling(node.name, snapshot.title, meta.configuration)
        for change in node.changes:
            yield change.index, _Telling(node.name, None, change.configuration)


def _explained(cluster: Cluster, telling: _Telling, usual: _Telling, index: int) -> bool:
    """Two logs that differ there are a divergence; one node's snapshot and log are CLU014's."""
    in_logs = [one.snapshot is None for one in (telling, usual)]
    same_node = telling.node == usual.node and any(in_logs)
    return all(in_logs) or same_node or cluster.parted(telling.node, usual.node, index)
