"""A cluster's nodes as their next start leaves them: what elections are held with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.election.elections import Cut, Passed, Position, Starter
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.cluster.stand_ins import stand_ins
from forensics.facts.log.entry_arrays import Key, entry_arrays_of, stretch_of
from forensics.facts.node.node import Node
from forensics.forecast.configuration import VOTER
from forensics.forecast.reasons import Outcome
from forensics.forecast.result import NodeForecast
from forensics.parsers.segment import EntryType, Segment


@dataclass(frozen=True, slots=True)
class Start:
    """What one node's start leaves, where it starts.

    Attributes:
        node: whose.
        last_term, last_index: of the log that it loads, the snapshot counted in; 0 where it is empty.
        dropped: (first, last) of entries that the start takes out of the log and that no crash explains.
        first_index: of that log, the snapshot left out.
        true_to: the last index at which it holds what it held before; below `last_index` where the start renumbers.
    """

    node: Node
    last_term: int
    last_index: int
    dropped: tuple[tuple[int | None, int | None], ...] = ()
    true_to: int = 0
    first_index: int = 1


def start_of(node: Node) -> Start | None:
    """What the start leaves; None where the node does not start, or where that cannot be told."""
    made = node.forecast
    if not isinstance(made, NodeForecast) or made.said.outcome is not Outcome.STARTS or made.said.loaded is None:
        return None
    loaded = made.said.loaded
    snapshot = loaded.snapshot
    term = loaded.log.last_term if len(loaded.log) else snapshot.term if snapshot else 0
    dropped = tuple((loss.first, loss.last) for loss in made.said.lost if not loss.torn)
    true_to = loaded.log.last
    if made.said.renumbered:
        true_to = min(
            (first - 1 for first, _ in dropped if first is not None), default=snapshot.index if snapshot else 0
        )
    return Start(node, term or 0, loaded.log.last, dropped, min(true_to, loaded.log.last), loaded.log.start)


def loads_otherwise(start: Start) -> bool:
    """It loads a segment elsewhere than the node's log has it, or one that is left out there: a name is wrong, or files
    in between are moved away.
    """
    known = {segment.path: first for first, segment, _ in start.node.log.parts()}
    return any(known.get(segment.path) != first for first, segment in _loaded(start) if len(segment))


def moved_at(cluster: Cluster, start: Start) -> int | None:
    """The first index at which a start loads a command where another node has another entry; None where it does not."""
    others = [entry_arrays_of(one) for one in cluster.originals() if one.name not in cluster.misplaced]
    wrong = (index for index, key in _commands(start) if any(one.key(index) not in (None, key) for one in others))
    return next(wrong, None)


def _commands(start: Start) -> Iterator[tuple[int, Key]]:
    """Index and key of each that is loaded."""
    for first, segment in _loaded(start):
        own = stretch_of(segment)
        yield from ((first + at, own.key(at)) for at, kind in enumerate(own.types) if kind == EntryType.COMMAND)


def _loaded(start: Start) -> Iterator[tuple[int, Segment]]:
    """Segments, with the index of their first entry."""
    made = start.node.forecast
    loaded = made.said.loaded if isinstance(made, NodeForecast) else None
    index = start.first_index
    for part in loaded.log.parts if loaded else ():
        yield index, part.segment
        index += len(part)


class Field:
    """The nodes of a cluster that start, ready for elections.

    Args:
        cluster: whose originals take part.
        committed: the last index that provably is committed, of the history of `keeper`.
        keeper: the node whose history that is.
    """

    def __init__(self, cluster: Cluster, committed: int, keeper: Node) -> None:
        self._view = LogHolders(cluster.originals())
        self._committed, self._keeper = committed, keeper
        self.starts = {node.name: start for node in cluster.originals() if (start := start_of(node)) is not None}
        known = {node.name: node.id for node in cluster.originals() if node.id is not None}
        self._ids = known | {
            node.name: server_id for server_id, node in stand_ins(cluster.originals(), set(known.values())).items()
        }

    def holds(self, node: Node) -> int:
        """The last index of the committed history that the node's start keeps."""
        return min(self._view.agrees_to(self._keeper, node), self.starts[node.name].true_to)

    def starters(self) -> list[Starter]:
        """All that start and say who they are."""
        return [self._starter(start) for name, start in self.starts.items() if name in self._ids]

    def cut(self) -> Cut:
        """Where logs end once a leader has cut off what is not its own."""

        def cut(leader: str, name: str) -> Position | None:
            one, other = self.starts[leader].node, self.starts[name].node
            difference = self._view.difference(one, other)
            if difference is None or difference.first > self.starts[name].last_index:
                return None
            return self._view.term_at(one, difference.first) or 0, difference.first

        return cut

    def _starter(self, start: Start) -> Starter:
        node = start.node
        made = node.forecast
        configuration = made.said.started.configuration if isinstance(made, NodeForecast) and made.said.started else ()
        voters = frozenset(member.id for member in configuration if member.role == VOTER)
        position = (start.last_term, start.last_index)
        holds, term = self.holds(node), _term(node)
        return Starter(node.name, self._ids[node.name], position, voters, holds, self._passed(start), term)

    def _passed(self, start: Start) -> tuple[Passed, ...]:
        """Each configuration below the last committed entry: at the last index that it was in force for, and where it
        begins, or another node's log ends: no earlier end gets that node's vote, and there the most is lost.
        """
        end = min(self._committed - 1, self.holds(start.node))
        ends = {self.holds(other.node) for other in self.starts.values()}
        found = []
        for reign in self._view.reigns(start.node):
            last = end if reign.last is None else min(reign.last, end)
            voters = frozenset(voter.id for voter in reign.voters)
            indexes = sorted(at for at in {reign.event.index, *ends, last} if reign.event.index <= at <= last)
            found += [Passed(at, self._view.term_at(start.node, at) or 0, voters) for at in indexes]
        return tuple(found)


def _term(node: Node) -> int:
    """Of its metadata, as its start reads it; 0 without any."""
    metadata = node.forecast.said.metadata if isinstance(node.forecast, NodeForecast) else None
    return metadata.term if metadata else 0
