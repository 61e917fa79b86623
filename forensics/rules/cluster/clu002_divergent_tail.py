"""CLU002: a tail that other nodes replaced, or never got."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.commit_proof import Never
from forensics.facts.cluster.log_matching import Kind, Side
from forensics.facts.cluster.words import never_words
from forensics.facts.log.entry_range import Held, entry_at, held
from forensics.facts.log.words import held_words
from forensics.fault_kind import FaultKind
from forensics.rules.api import Finding, Needs, Severity, rule
from forensics.rules.side_words import SideHolds, holds_of, spans_of
from forensics.wording import Words, listed, verb


class Fate(Enum):
    """What is known of the tail's entries."""

    REPLACED = "replaced"  # others committed other entries there
    NEVER_COMMITTED = "never-committed"  # the leader of the others' term did not have them
    NOT_TOLD = "not-told"  # neither side is proved to be committed


@dataclass(frozen=True, slots=True)
class DivergentTail:
    """Entries at the end of some nodes' logs that other nodes have otherwise.

    Attributes:
        index: the first entry that differs.
        tail: who has the tail, and what is in it.
        others: the nodes that have other entries there.
        others_term: of which term.
        fate: what is known of the tail.
    """

    kind: ClassVar[str] = "divergent-tail"
    index: int
    tail: SideHolds
    others: tuple[str, ...]
    others_term: int
    fate: Fate

    def words(self, _: Severity) -> Words:
        """See Problem."""
        others, number = listed(self.others), len(self.others)
        fate = {
            Fate.REPLACED: (
                f"{others} committed other entries there, in term {self.others_term}: raft drops the entries of "
                f"{self.tail.names} when they meet."
            ),
            Fate.NEVER_COMMITTED: (
                f"The leader of term {self.others_term} did not have the entries of {self.tail.names}: they never were "
                "committed."
            ),
            Fate.NOT_TOLD: f"{others} {verb(number, 'holds', 'hold')} entries of term {self.others_term} there. "
            "Which of them are committed cannot be told from this upload.",
        }[self.fate]
        held = f"{self.tail.names} {verb(len(self.tail.nodes), 'holds', 'hold')}"
        return Words(
            f"from entry {self.index} on, {held} other entries than {others}",
            (f"In all, of term {self.tail.term}: {held_words(self.tail.holds)}.", fate),
        )


@dataclass(frozen=True, slots=True)
class NeverCommittedTail:
    """Entries at the end of a log that another node's snapshot covers with a later term.

    Attributes:
        never: from which entry on, and who shows that they never were committed.
        holds: what they are.
    """

    kind: ClassVar[str] = "never-committed-tail"
    node: str
    never: Never
    holds: Held

    def words(self, _: Severity) -> Words:
        """See Problem."""
        return Words(
            f"{self.node} holds entries from {self.never.index} on that never were committed",
            (f"In all: {held_words(self.holds)}.", f"The proof: {never_words(self.never)}."),
        )


@rule(
    "CLU002",
    "last entries that other nodes replaced",
    Severity.LOW,
    fault=FaultKind.REPLACED_ENTRIES,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    fires_on=("cluster/old-leader",),
    silent_on=("cluster/leader-ahead", "healthy/running-111"),
)
def divergent_tail(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Entries with one index and different terms, where at most one side is proved to be committed.
    ## Why it matters
    This is normal in raft: a leader wrote entries that no majority received, and stopped; the others elected another
    leader. When the node comes back, raft drops these entries without a message. Their clients were never told that
    the writes succeeded. But whoever recovers the cluster from this node brings them back, and loses what the others
    committed.
    ## False alarm if
    Nobody plans a recovery: the difference is real, but raft settles it by itself.
    ## What to do
    Nothing, if the cluster runs. Before a recovery: do not recover from this node (`plan` says from which).
    ## References
    The Raft paper, section 5.3; docs/reference/raft.md#what-must-hold; docs/reference/raft.md#the-commit-index
    """
    for divergence in cluster.divergences:
        proved = cluster.committed_sides(divergence)
        if divergence.kind not in (Kind.CONFLICT, Kind.FORCED) or len(proved) > 1:
            continue
        kept = proved[0] if proved else divergence.sides[0]
        for side in divergence.sides:
            if side is kept:
                continue
            fate = Fate.REPLACED if proved else _fate(cluster, side)
            tail = holds_of(cluster, side, divergence.index)
            yield Finding(
                DivergentTail(divergence.index, tail, kept.nodes, kept.term, fate),
                spans_of(cluster, [side, kept], divergence.index),
                nodes=side.nodes,
                where=(divergence.index,),
            )
    yield from _below_a_snapshot(cluster)


def _below_a_snapshot(cluster: Cluster) -> Iterator[Finding]:
    """Where no other log reaches back to the tail, but a snapshot of a later term covers it."""
    parted = {name for divergence in cluster.divergences for side in divergence.sides for name in side.nodes}
    for name, never in (cluster.commit.never if cluster.commit else {}).items():
        if name not in parted:
            node = cluster.node(name)
            at = entry_at(node, never.index)
            problem = NeverCommittedTail(name, never, held(node, never.index))
            yield Finding(problem, (at,) if at else (), nodes=(name,), where=(never.index,))


def _fate(cluster: Cluster, side: Side) -> Fate:
    never = cluster.commit.never if cluster.commit else {}
    return Fate.NEVER_COMMITTED if any(name in never for name in side.nodes) else Fate.NOT_TOLD
