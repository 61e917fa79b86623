"""What damage in a closed segment means for the next start: shared by the rules that find such damage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forensics.facts.log.loading_chain import Place, loading_chain
from forensics.facts.log.raft_log import ClosedSegment
from forensics.facts.node.node import Node
from forensics.rules.api import Effect, Severity


class NextStart(Enum):
    """What the next start makes of a damaged closed segment."""

    NOT_READ = "not-read"
    FAILS_IN_THE_MIDDLE = "fails-in-the-middle"
    FAILS_WITHOUT_REPAIR = "fails-without-repair"
    DROPS_IT = "drops-it"
    NOT_KNOWN = "not-known"  # which files stand beside it is not

    def words(self, first: int) -> str:
        """One sentence; `first` is the first entry of the segment."""
        return _WORDS[self].format(first=first)


_WORDS = {
    NextStart.NOT_KNOWN: (
        "What the next start makes of it cannot be told: the input was cut, and files that would decide it may be "
        "missing."
    ),
    NextStart.NOT_READ: "Loading does not read this segment, so it does no harm.",
    NextStart.FAILS_IN_THE_MIDDLE: "Other segments follow it, so the node does not start.",
    NextStart.FAILS_WITHOUT_REPAIR: "dqlite does not repair this kind of damage, so the node does not start.",
    NextStart.DROPS_IT: (
        "dqlite with raft 0.14 or later moves it away with every open segment, and starts without entry {first} and "
        "all that follow; older versions do not start."
    ),
}


@dataclass(frozen=True, slots=True)
class Weight:
    """How bad the damage is, and why."""

    severity: Severity
    effect: Effect
    next_start: NextStart


def weigh(node: Node, closed: ClosedSegment, *, repairable: bool) -> Weight:
    """Damage in a closed segment, by where it stands (docs/reference/start.md#self-repair).

    Args:
        node: whose it is.
        closed: the damaged segment.
        repairable: loading calls this damage "corrupt" (code 12), the only kind that self-repair acts on.
    """
    if node.names_cut:
        return Weight(Severity.HIGH, Effect.DEGRADED, NextStart.NOT_KNOWN)
    place = loading_chain(node).place(closed)
    if place is Place.IGNORED:
        return Weight(Severity.INFO, Effect.NONE, NextStart.NOT_READ)
    if place is Place.MIDDLE:
        return Weight(Severity.CRITICAL, Effect.NODE_DOWN, NextStart.FAILS_IN_THE_MIDDLE)
    if not repairable:
        return Weight(Severity.CRITICAL, Effect.NODE_DOWN, NextStart.FAILS_WITHOUT_REPAIR)
    return Weight(Severity.CRITICAL, Effect.DEGRADED, NextStart.DROPS_IT)  # worse than no start: nobody is told
