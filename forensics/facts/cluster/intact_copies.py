"""Where entries of one history still lie intact: on which nodes, and which of them on none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node

Span = tuple[int, int]
"""First and last index, both inclusive."""


@dataclass(frozen=True, slots=True)
class IntactCopy:
    """A node that has all of some entries of a history, whatever its own start makes of them.

    Attributes:
        node: by name.
        past_damage: some of them are not what loading reads: they lie behind damage, or one known bit restores them.
    """

    node: str
    past_damage: bool


class IntactCopies:
    """The intact entries of a cluster's nodes, ready to be asked.

    Args:
        cluster: whose originals are looked at.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._view = LogHolders(cluster.originals())

    def stored(self, node: Node) -> int:
        """The last index that a node provably stored, readable or not."""
        return self._view.last(node)

    def of(self, history: Node, node: Node) -> list[Span]:
        """What of one node's history is intact on another: by its log, or by a sound snapshot that covers it."""
        shared = self._view.agrees_to(history, node)
        spans = [(part.first, min(part.last, shared)) for part in self._view.arrays[node.name].stretches]
        return joined([*spans, (1, _covered(node, shared))])

    def on(self, history: Node, first: int, last: int) -> tuple[IntactCopy, ...]:
        """The nodes on which all of these entries of a history are intact."""
        found = []
        for node in self._view.nodes:
            if not missing((first, last), self.of(history, node)):
                shared = self._view.agrees_to(history, node)
                loaded = [(run.first, run.last) for run in node.log.runs()]
                usual = joined([*loaded, (1, _covered(node, shared))])
                found.append(IntactCopy(node.name, bool(missing((first, last), usual))))
        return tuple(found)

    def nowhere(self, history: Node, first: int, last: int) -> list[Span]:
        """Which of these entries of a history are intact on no node that arrived."""
        spans = [span for node in self._view.nodes for span in self.of(history, node)]
        return missing((first, last), joined(spans))


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same indexes in as few spans as they need, in order; empty spans left out."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if first > last:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def missing(wanted: Span, spans: Sequence[Span]) -> list[Span]:
    """What of one span is in none of the others, which are joined."""
    return list(_missing(wanted, spans))


def _missing(wanted: Span, spans: Sequence[Span]) -> Iterator[Span]:
    at, end = wanted
    for first, last in spans:
        if at > end:
            return
        if first > at:
            yield at, min(first - 1, end)
        at = max(at, last + 1)
    if at <= end:
        yield at, end


def _covered(node: Node, shared: int) -> int:
    """The last index that a snapshot of this history covers, if nothing is known to be wrong with it; 0 without one."""
    return max(
        (s.name.index for s in node.snapshots if s.paired and s.sound is not False and s.name.index <= shared),
        default=0,
    )
