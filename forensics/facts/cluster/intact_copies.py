"""Where entries of one history still lie intact: on which nodes, and which of them on none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node

IndexSpan = tuple[int, int]
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
        cluster: all of whose directories are looked at, copies too.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._view = LogHolders(list(cluster.nodes))

    def stored(self, node: Node) -> int:
        """The last index that a node provably stored, readable or not."""
        return self._view.last(node)

    def of(self, history: Node, node: Node) -> list[IndexSpan]:
        """What of one node's history is intact on another: by its log, or by a sound snapshot that covers it."""
        shared = self._view.agrees_to(history, node)
        spans = [(part.first, min(part.last, shared)) for part in self._view.arrays[node.name].stretches]
        return joined([*spans, (1, _covered(node, shared))])

    def agreed(self, history: Node, node: Node) -> int:
        """The last index up to which a node provably stored another's history."""
        return self._view.agrees_to(history, node)

    def on(self, history: Node, first: int, last: int) -> tuple[IntactCopy, ...]:
        """The nodes on which all of these entries of a history are intact."""
        return self.on_all(history, [(first, last)])

    def on_all(self, history: Node, wanted: Sequence[IndexSpan]) -> tuple[IntactCopy, ...]:
        """The nodes on which all entries of all these spans of a history are intact."""
        found = []
        for node in self._view.nodes:
            if _all_in(wanted, self.of(history, node)):
                loaded = [(run.first, run.last) for run in node.log.runs()]
                usual = joined([*loaded, (1, _covered(node, self.agreed(history, node)))])
                found.append(IntactCopy(node.name, not _all_in(wanted, usual)))
        return tuple(found)

    def parts(self, history: Node, first: int, last: int) -> Iterator[IndexSpan]:
        """Entries of one node's history, in as few parts as can be: each is as a whole on another node, or on none."""
        elsewhere = [span for node in self._view.nodes if node is not history for span in self.of(history, node)]
        while first <= last:
            ends = [end for start, end in elsewhere if start <= first <= end]
            starts = [start - 1 for start, _ in elsewhere if start > first]
            end = min(max(ends) if ends else min(starts, default=last), last)
            yield first, end
            first = end + 1

    def nowhere(self, history: Node, first: int, last: int) -> list[IndexSpan]:
        """Which of these entries of a history are intact on no node that arrived."""
        spans = [span for node in self._view.nodes for span in self.of(history, node)]
        return missing((first, last), joined(spans))


def joined(spans: Iterable[IndexSpan]) -> list[IndexSpan]:
    """The same indexes in as few spans as they need, in order; empty spans left out."""
    found: list[IndexSpan] = []
    for first, last in sorted(spans):
        if first > last:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _all_in(wanted: Iterable[IndexSpan], spans: Sequence[IndexSpan]) -> bool:
    return not any(missing(span, spans) for span in wanted)


def missing(wanted: IndexSpan, spans: Sequence[IndexSpan]) -> list[IndexSpan]:
    """What of one span is in none of the others, which are joined."""
    return list(_missing(wanted, spans))


def _missing(wanted: IndexSpan, spans: Sequence[IndexSpan]) -> Iterator[IndexSpan]:
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
