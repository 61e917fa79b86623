"""CLU001: two histories of one cluster, both committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Kind, Side
from forensics.fault_kind import FaultKind
from forensics.rules.api import Effect, Finding, Needs, Severity, rule
from forensics.rules.side_words import SideHolds, holds_of, spans_of
from forensics.wording import Words, listed, sentences


@dataclass(frozen=True, slots=True)
class TwoHistories:
    """Logs that part, with committed entries on more than one side.

    Attributes:
        index: the first entry that differs.
        sides: those with committed entries.
        forced: nodes of these sides on which a configuration was forced at that index.
    """

    kind: ClassVar[str] = "two-histories"
    index: int
    sides: tuple[SideHolds, ...]
    forced: tuple[str, ...]

    def words(self, _: Severity) -> Words:
        """See Problem."""
        where = ", ".join(f"one on {side.names}" for side in self.sides)
        return Words(
            f"from entry {self.index} on there are {len(self.sides)} committed histories: {where}",
            sentences(self._forced(), *(side.words() for side in self.sides)),
        )

    def _forced(self) -> str:
        sides = [side.names for side in self.sides if set(side.nodes) & set(self.forced)]
        if not sides:
            return ""
        which = "Each of them" if len(sides) == len(self.sides) else f"The one on {listed(sides)}"
        return f"{which} begins with a configuration that was forced there."


@rule(
    "CLU001",
    "two committed histories of one cluster",
    Severity.CRITICAL,
    fault=FaultKind.TWO_HISTORIES,
    scope=Cluster,
    needs=(Needs.SEGMENTS, Needs.SEVERAL_NODES),
    effect=Effect.BROKEN,
    fires_on=("cluster/split-brain",),
    silent_on=("cluster/old-leader", "healthy/running-111"),
)
def two_histories(cluster: Cluster) -> Iterator[Finding]:
    """## What it checks
    Where two logs begin to differ: on how many sides the entries are proved to be committed. The proof is a snapshot, a
    majority of the voters in the newest term that they have seen, or a single voter that stored them.
    ## Why it matters
    Raft has one history. Two committed histories are two databases under one name: the clients of each were told that
    their writes are safe. Whichever history is kept, the writes of the other are gone. If the nodes meet again, they
    find entries that contradict what they have applied: they stop, or serve different data.
    ## False alarm if
    A node was recovered alone, and no client reached it. Its entries count as committed, because its only voter stored
    them, but nobody was told so.
    ## What to do
    Start none of these nodes, and keep every directory. Decide by content which history stays: `plan` ranks them,
    `diff` and `sql` show what each side wrote. Export what only the other side has, and write it back with the
    application's own tools.
    ## References
    docs/reference/raft.md#what-must-hold; docs/reference/raft.md#the-commit-index;
    docs/reference/raft.md#traces-of-a-recovery; canonical/lxd#13524 (recovery run on more than one member);
    juju/juju#22988
    """
    for divergence, sides in cluster.histories():
        if divergence.kind is Kind.FORK:
            continue  # CLU003 tells of it
        index = divergence.index
        yield Finding(
            TwoHistories(
                index, tuple(holds_of(cluster, side, index) for side in sides), _forced(cluster, sides, index)
            ),
            spans_of(cluster, sides, index),
            nodes=tuple(name for side in sides for name in side.nodes),
            where=(index,),
        )


def _forced(cluster: Cluster, sides: list[Side], index: int) -> tuple[str, ...]:
    """On whom a configuration was forced where the histories part."""
    nodes = {name for event in cluster.membership if event.forced and event.index == index for name in event.nodes}
    return tuple(name for side in sides for name in side.nodes if name in nodes)
