"""What damage in a closed segment means for the next start: shared by the rules that find such damage."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.chain import Place, loading_chain
from forensics.facts.node import Node
from forensics.facts.raft_log import ClosedSegment
from forensics.rules.api import Effect, Severity


@dataclass(frozen=True, slots=True)
class Weight:
    """How bad it is, and why, in words that end a finding's message."""

    severity: Severity
    effect: Effect
    words: str


def weigh(node: Node, closed: ClosedSegment, *, repairable: bool) -> Weight:
    """Damage in a closed segment, by where it stands (FACTS 2.6, 2.7).

    Args:
        node: whose it is.
        closed: the damaged segment.
        repairable: loading calls this damage "corrupt" (code 12), the only kind that self-repair acts on.
    """
    place = loading_chain(node).place(closed)
    if place is Place.IGNORED:
        return Weight(Severity.INFO, Effect.NONE, "loading does not read this segment")
    if place is Place.MIDDLE:
        return Weight(Severity.CRITICAL, Effect.NODE_DOWN, "other segments follow, so the node does not start")
    if not repairable:
        return Weight(Severity.CRITICAL, Effect.NODE_DOWN, "self-repair does not act on it, so the node does not start")
    words = (
        f"raft 0.14 and later set it aside with every open segment and start without entry {closed.first} "
        "and what follows; older ones do not start"
    )
    return Weight(Severity.CRITICAL, Effect.DEGRADED, words)  # worse than no start: it says nothing
