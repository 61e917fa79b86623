"""CLU017: entries that only a minority has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.entry_range import Held, entry_at, held
from forensics.facts.log.words import held_words
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.wording import Words, entries, verb


@dataclass(frozen=True, slots=True)
class MinorityTail:
    """The last entries of a node's log, which too few voters hold.

    Attributes:
        first_index: of these entries.
        holds: what they are.
    """

    kind: ClassVar[str] = "minority-tail"
    node: str
    first_index: int
    holds: Held

    def words(self, _: Severity) -> Words:
        """See Problem."""
        span = entries(self.first_index, max(self.holds.range.last, self.first_index))
        stay = verb(self.holds.range.entries, "It stays", "They stay")
        return Words(
            f"{self.node} has {span}, which no majority of the voters holds",
            (
                f"In all: {held_words(self.holds)}.",
                f"{stay} only if {self.node} is the next leader, or if the cluster is recovered from it.",
            ),
        )


@rule(
    "CLU017",
    "entries that only a minority of the voters holds",
    Severity.INFO,
    fault=FaultKind.REPLACED_ENTRIES,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/leader-ahead",),
    silent_on=("healthy/stopped-111",),
)
def minority_tail(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries at the end of a member's log that no other log contradicts, but that less than a majority of the voters
    hold. Voters that are missing here count as if they held them.
    ## Why it matters
    These entries are not committed, and no client was told that they are. They are not lost either: if this node is the
    next leader, they stay; if another node is, it removes them. A recovery from this node keeps them, a recovery from
    any other node does not.
    ## False alarm if
    The copies were taken one after another while the cluster ran: then these entries were just being sent.
    ## What to do
    Nothing. If such a write matters, look for it after the cluster runs again.
    ## References
    The Raft paper, section 5.4; docs/reference/raft.md#the-commit-index
    """
    at_most = cluster.commit.at_most if cluster.commit else None
    if at_most is None:
        return
    first = at_most + 1
    parted = {name for divergence in cluster.divergences for side in divergence.sides for name in side.nodes}
    for node in cluster.originals():
        if node.name not in parted and cluster.server_of(node) and (node.last_index or 0) > at_most:
            at = entry_at(node, first)
            if at is not None:
                problem = MinorityTail(node.name, first, held(node, first))
                yield Finding(problem, (at,), nodes=(node.name,), where=(first,))
