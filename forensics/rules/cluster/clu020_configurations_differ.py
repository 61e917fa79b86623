"""CLU020: one entry's members, told differently by two nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.member_changes import members_change
from forensics.facts.cluster.words import members_change_words
from forensics.facts.log.entry_arrays import configuration_digest
from forensics.parsers.configuration import Configuration
from forensics.rules.api import Effect, Finding, Needs, Severity, rule


@dataclass(frozen=True, slots=True)
class _Telling:
    """Where one node tells the members of an entry."""

    node: str
    where: str
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
    One entry has one configuration, on every node. A node that starts from a snapshot takes the members from it, and
    with them who votes, who is dialled and what is a majority: two nodes that count differently elect two leaders.
    ## False alarm if
    After configurations that were forced on two nodes at one index, each for itself (CLU001, CLU004 tell of those), and
    whose entries are no longer in the logs.
    ## What to do
    Do not start the odd one. Find out who wrote its snapshot: raft does not, and its checksum holds.
    ## References
    FACTS 1.7, 4.1 (the configuration at one index is equal)
    """
    by_index: dict[int, list[_Telling]] = defaultdict(list)
    for index, telling in _tellings(cluster):
        by_index[index].append(telling)
    for index, tellings in sorted(by_index.items()):
        digests = [telling.digest for telling in tellings]
        usual = max(tellings, key=lambda telling: digests.count(telling.digest))
        for telling in tellings:
            if telling.digest != usual.digest and not _explained(cluster, telling, usual, index):
                change = members_change_words(members_change(usual.configuration, telling.configuration))
                yield Finding(
                    f"{telling.node}: {telling.where} has other members for entry {index} than {usual.where} of "
                    f"{usual.node}: {change}",
                    (telling.at, usual.at),
                    nodes=(telling.node,),
                )


def _tellings(cluster: Cluster) -> Iterator[tuple[int, _Telling]]:
    for node in cluster.nodes:
        for snapshot in node.snapshots:
            meta = snapshot.meta.value if snapshot.meta and snapshot.meta.whole else None
            if meta and meta.configuration:
                yield meta.configuration_index, _Telling(node.name, snapshot.title, meta.configuration)
        for change in node.changes:
            yield change.index, _Telling(node.name, "the log", change.configuration)


def _explained(cluster: Cluster, telling: _Telling, usual: _Telling, index: int) -> bool:
    """Two logs that differ there are a divergence; one node's snapshot and log are CLU014's."""
    logs = telling.where == usual.where == "the log"
    return logs or _same_node(telling, usual) or cluster.parted(telling.node, usual.node, index)


def _same_node(telling: _Telling, usual: _Telling) -> bool:
    return telling.node == usual.node and "the log" in (telling.where, usual.where)
