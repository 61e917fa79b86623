"""What recovering from one node gives up of what another one holds, and where that still lies intact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.election.starters import start_of
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.intact_copies import IndexSpan, IntactCopies, IntactCopy, missing
from forensics.facts.log.entry_times import LatestWriteTime, latest_write_time
from forensics.facts.log.range_writes import RangeWrites, range_writes
from forensics.facts.node.node import Grade, Node
from forensics.plan.expected_start import ExpectedStart, ExpectedStarts


@dataclass(frozen=True, slots=True)
class Loss:
    """What recovering from one node gives up of what another one holds.

    Attributes:
        node: recovered from.
        of: the other: the best candidate, or one that the best candidate does not cover.
        given_up: the entries, each span by its first and last index; empty where the node lacks none.
        committed: the last of them that provably is committed; None where none is.
        wrote: what they changed.
        by: when the last of them had been written; None where file times do not tell.
        compared: by content; else names alone tell how far each goes, and nothing tells whether they are one history.
        at_most: files of the node whose content is not at hand may hold some of them.
        intact_on: the nodes on which all of them still can be read, the node itself included.
        nowhere: of them, what can be read on no node that arrived.
    """

    node: str
    of: str
    given_up: tuple[IndexSpan, ...]
    committed: int | None
    wrote: RangeWrites
    by: LatestWriteTime | None = None
    compared: bool = True
    at_most: bool = False
    intact_on: tuple[IntactCopy, ...] = ()
    nowhere: tuple[IndexSpan, ...] = ()

    @property
    def first(self) -> int | None:
        """The first of the entries; None where there are none."""
        return self.given_up[0][0] if self.given_up else None

    @property
    def last(self) -> int | None:
        """The last of them."""
        return self.given_up[-1][1] if self.given_up else None

    @property
    def entries(self) -> int:
        """How many they are."""
        return sum(last - first + 1 for first, last in self.given_up)


class Losses:
    """What each choice among the nodes of a cluster gives up.

    Args:
        cluster: the facts.
        starts: what each node's start comes to, where it was forecast.
        deep: name what is given up also where databases are large.
    """

    def __init__(self, cluster: Cluster, starts: ExpectedStarts, *, deep: bool = False) -> None:
        self._cluster, self._starts, self._deep = cluster, starts, deep
        self._intact = IntactCopies(cluster)

    def of(self, node: Node, other: Node) -> Loss:
        """What recovering from `node` gives up of what `other` holds."""
        if not (_has_content(node) and _has_content(other)):
            return self._by_names(node, other)
        given_up = tuple(self._given_up(node, other))
        if not given_up:
            return Loss(node.name, other.name, (), None, RangeWrites())
        first, last = given_up[0][0], given_up[-1][1]
        proofs = self._cluster.commit.proofs if self._cluster.commit else {}
        committed = proofs[other.name].index if other.name in proofs else 0
        return Loss(
            node.name,
            other.name,
            given_up,
            min(committed, last) if committed >= first else None,
            range_writes(other, first, deep=self._deep),
            latest_write_time(other, last),
            at_most=_may_hold_more(node),
            intact_on=self._intact.on_all(other, given_up),
            nowhere=tuple(span for one in given_up for span in self._intact.nowhere(other, *one)),
        )

    def _given_up(self, node: Node, other: Node) -> Iterator[IndexSpan]:
        """Behind the end that the node's start keeps; of one that does not start, what cannot be read on it."""
        end = self._intact.stored(other)
        keeps = _keeps(node, self._starts.get(node.name))
        if keeps is not None:
            first = min(self._intact.agreed(other, node), keeps) + 1
            yield from [(first, end)] if first <= end else []
        else:
            yield from missing((1, end), self._intact.of(other, node))

    def _by_names(self, node: Node, other: Node) -> Loss:
        first, last = (node.last_index or 0) + 1, other.last_index or 0
        if first > last:
            return Loss(node.name, other.name, (), None, RangeWrites(), compared=False)
        wrote, by = range_writes(other, first, deep=self._deep), latest_write_time(other, last)
        return Loss(
            node.name, other.name, ((first, last),), None, wrote, by, compared=False, at_most=_may_hold_more(node)
        )


def _keeps(node: Node, start: ExpectedStart | None) -> int | None:
    """The last index that the node's start leaves as it was; None where it does not start, or nobody knows."""
    made = start_of(node) if start and start.starts else None
    return None if made is None else made.true_to


def _may_hold_more(node: Node) -> bool:
    """Files of it did not arrive whole, or the copy is torn."""
    return node.log.may_go_on or node.grade is Grade.PARTIAL


def _has_content(node: Node) -> bool:
    """Entries, or a snapshot with its term, can be compared."""
    return bool(node.log.blobs()) or any(snapshot.data is not None for snapshot in node.snapshots)
