"""What each side of a divergence holds, as part of a finding: shared by the rules about two histories."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Side
from forensics.facts.log.entry_range import Held, entry_at, side_holds
from forensics.facts.log.words import held_words
from forensics.wording import listed, verb


@dataclass(frozen=True, slots=True)
class SideHolds:
    """One side of a divergence: its nodes, the term of its first entry there, and what it holds from there on."""

    nodes: tuple[str, ...]
    term: int
    holds: Held

    @property
    def names(self) -> str:
        """`n1 and n2`."""
        return listed(self.nodes)

    def words(self) -> str:
        """One sentence."""
        return f"{self.names} {verb(len(self.nodes), 'holds', 'hold')} {held_words(self.holds)}."


def holds_of(cluster: Cluster, side: Side, index: int) -> SideHolds:
    """What one side holds from `index` on."""
    return SideHolds(side.nodes, side.term, side_holds(cluster, side, index))


def spans_of(cluster: Cluster, sides: tuple[Side, ...] | list[Side], index: int) -> tuple[Span, ...]:
    """The entry at `index` of each side, on its first node."""
    return tuple(at for side in sides if (at := entry_at(cluster.node(side.nodes[0]), index)))
