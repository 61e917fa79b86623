"""What the products' own pages would pick, and what that costs.

Canonical Kubernetes' page (restore-quorum.md) and LXD's banner (`lxd cluster edit`) go by the highest end of a closed
segment's name. That misses open segments and snapshots, and knows no terms: the longer log may be the one that the
others have replaced (go-dqlite#299).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.facts.cluster import Cluster
from forensics.facts.node import Node
from forensics.facts.write_times import WrittenBy, written_by
from forensics.facts.written import Written, written
from forensics.plan.ranking import Candidate


@dataclass(frozen=True, slots=True)
class Loss:
    """What recovering from `node` instead of the best candidate loses.

    Attributes:
        first, last: entries of the best candidate that the node does not hold; both None where it lacks none.
        committed: the last of them that provably is committed; None where none is.
        wrote: what they changed.
        by: when the last of them had been written; None where file times do not tell.
    """

    node: str
    first: int | None
    last: int | None
    committed: int | None
    wrote: Written
    by: WrittenBy | None = None


@dataclass(frozen=True, slots=True)
class Official:
    """The pick by the highest closed segment.

    Attributes:
        end: that index; None where nobody has a closed segment.
        nodes: who has it.
        trap: it may pick a node that is not among the best.
    """

    end: int | None
    nodes: tuple[str, ...]
    trap: bool


def official(cluster: Cluster, ranking: Sequence[Candidate]) -> Official:
    """What looking at the names of closed segments comes to."""
    names = {candidate.node for candidate in ranking}
    ends = {
        node.name: max(part.last for part in node.log.closed)
        for node in cluster.originals()
        if node.log.closed and node.name in names
    }
    end = max(ends.values(), default=None)
    picked = tuple(sorted(name for name, value in ends.items() if value == end))
    best = {candidate.node for candidate in ranking if candidate.rank == 1}
    return Official(end, picked, bool(set(picked) - best))


def loss(cluster: Cluster, node: Node, best: Node, *, deep: bool = False) -> Loss:
    """What `node` lacks of what the best candidate holds."""
    agreed = cluster.agreed(best, node)
    last = best.last_index or 0
    if agreed >= last:
        return Loss(node.name, None, None, None, Written())
    committed = cluster.commit.proofs[best.name].index if cluster.commit and best.name in cluster.commit.proofs else 0
    return Loss(
        node.name,
        agreed + 1,
        last,
        min(committed, last) if committed > agreed else None,
        written(best, agreed + 1, deep=deep),
        written_by(best, last),
    )
