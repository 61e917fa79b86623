"""Segments whose names are proved wrong: the same entries lie at other indexes in a segment whose indexes are sure.

With such a one, the node seems to have another history. Where it has nothing at these other indexes, the segment counts
as lying there: the node stored it. Else nothing is lost by leaving it out: what it holds, the sure one holds too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.facts.cluster.log_matching import same_entries
from forensics.facts.cluster.misplaced import misplaced
from forensics.facts.cluster.placed import placed_parts
from forensics.facts.cluster.repeated import repeated
from forensics.facts.log.entry_arrays import Stretch, entry_arrays_of, intact_arrays_of, stretch_of
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.facts.node.node import Node, changes_of
from forensics.ingest.raft_names import ClosedName
from forensics.parsers.segment import EntryType

_COMMANDS_MIN = 2  # so many equal commands in a row; a lone one may be repeated
_COMMANDS_SURE = 8  # so many are no accident, where more of them follow


def without_misnamed(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes of one cluster, as their other segments tell it: what is set right on one tells more of the next."""
    made = tuple(nodes)
    for _ in nodes:
        before, made = made, _once_without(made)
        if all(one is other for one, other in zip(before, made, strict=True)):
            break
    return made


def _once_without(nodes: Sequence[Node]) -> tuple[Node, ...]:
    sure = sure_names(nodes)
    told = [one for node in nodes for one in _told(node, sure[node.name])]
    return tuple(_set_right(node, sure[node.name], told) for node in nodes)


def sure_names(nodes: Sequence[Node]) -> dict[str, frozenset[str]]:
    """Names of segments whose indexes are sure, by node.

    By the names on one node; then by what those hold; then where two nodes have the same under the same indexes.
    """
    sure = _by_names(nodes)
    doubtful = [
        _Doubtful(node.name, part, _stretches(node, part))
        for node in nodes
        for part in _parts(node.log)
        if part.file.name not in sure[node.name]
    ]
    told = [one for node in nodes for one in _told(node, sure[node.name])]
    while found := [one for one in doubtful if one.meets(told)] or list(_vouched(doubtful, told)):
        for one in found:
            sure[one.node] |= {one.part.file.name}
            told += one.stretches
        doubtful = [one for one in doubtful if one not in found]
    return sure


def _by_names(nodes: Sequence[Node]) -> dict[str, frozenset[str]]:
    """Where names tell one thing and entries another, none is sure; nor is a copy of another segment."""
    placed = {node.name: placed_parts(node) - repeated(node) for node in nodes}
    named = [_without(node, _names(node) - placed[node.name]) for node in nodes]
    odd = misplaced(named, {node.name: entry_arrays_of(node) for node in named})
    return {name: frozenset() if name in odd else names for name, names in placed.items()}


def _set_right(node: Node, sure: frozenset[str], told: Sequence[Stretch]) -> Node:
    """Closed segments at the indexes at which their entries lie, where the node has nothing there; others left out."""
    wrong = dict(_misnamed(node, sure, told))
    made = _without(node, frozenset(wrong))
    own = _told(node, sure)
    moved = [
        replace(part, name=ClosedName(first, first + len(part.segment) - 1, canonical=True))
        for part in node.log.closed
        if part.segment is not None and (first := wrong.get(part.file.name)) is not None
    ]
    free = [part for part in moved if not any(part.first <= one.last and one.first <= part.last for one in own)]
    if not free:
        return made
    closed = tuple(sorted((*made.log.closed, *free), key=lambda part: (part.first, part.last)))
    log = replace(made.log, closed=closed)
    return replace(made, log=log, changes=changes_of(log))


def _vouched(doubtful: Sequence[_Doubtful], told: Sequence[Stretch]) -> Iterator[_Doubtful]:
    """Those that another node has, too, and that nothing contradicts."""
    by_node: dict[str, list[_Doubtful]] = defaultdict(list)
    for one in doubtful:
        by_node[one.node].append(one)
    for one in doubtful:
        others = (other for name, held in by_node.items() if name != one.node for other in held)
        if any(one.vouches(other) for other in others) and not one.contradicts(told):
            yield one


@dataclass(frozen=True, slots=True, eq=False)
class _Doubtful:
    """A segment, and all that is intact in it at the indexes that it claims."""

    node: str
    part: ClosedSegment | OpenSegment
    stretches: tuple[Stretch, ...]

    def meets(self, others: Sequence[Stretch]) -> bool:
        """Some of them have one and the same command at one index."""
        return any(_meet(own, other) for own in self.stretches for other in others)

    def vouches(self, other: _Doubtful) -> bool:
        """That of another node has the same there, and one of the two as much as its name says."""
        counted = not (_counts_otherwise(self.part) and _counts_otherwise(other.part))
        return counted and self.meets(other.stretches)

    def contradicts(self, others: Sequence[Stretch]) -> bool:
        """Something else is there."""
        return any(_part(own, other) for own in self.stretches for other in others)


def _told(node: Node, names: frozenset[str]) -> tuple[Stretch, ...]:
    return intact_arrays_of(_without(node, _names(node) - names)).stretches


def _stretches(node: Node, part: ClosedSegment | OpenSegment) -> tuple[Stretch, ...]:
    sound = _stretch(node, part)
    return (sound,) if sound else intact_arrays_of(_alone(node, part)).stretches


def _names(node: Node) -> frozenset[str]:
    return frozenset(part.file.name for part in _parts(node.log))


def _parts(log: RaftLog) -> list[ClosedSegment | OpenSegment]:
    return [*log.closed, *log.open]


def _without(node: Node, names: frozenset[str]) -> Node:
    if not names:
        return node
    log = node.log
    closed = tuple(part for part in log.closed if part.file.name not in names)
    opened = tuple(part for part in log.open if part.file.name not in names)
    made = replace(log, closed=closed, open=opened)
    paths = {part.file.at.path for part in _parts(made)}
    made = replace(made, intact={path: known for path, known in log.intact.items() if path in paths})
    return replace(node, log=made, changes=changes_of(made))


def _alone(node: Node, part: ClosedSegment | OpenSegment) -> Node:
    """As if it had no other segment."""
    path = part.file.at.path
    made = replace(
        node.log,
        closed=(part,) if isinstance(part, ClosedSegment) else (),
        open=(part,) if isinstance(part, OpenSegment) else (),
        intact={path: node.log.intact[path]} if path in node.log.intact else {},
    )
    return replace(node, log=made, changes=changes_of(made))


def _misnamed(node: Node, sure: frozenset[str], told: Sequence[Stretch]) -> Iterator[tuple[str, int]]:
    """Names that are proved wrong, and the index at which the first entry lies."""
    own = intact_arrays_of(_without(node, _names(node) - sure))
    for part in _parts(node.log):
        stretch = _stretch(node, part) if part.file.name not in sure else None
        if stretch is None:
            continue
        few = stretch.types.count(EntryType.COMMAND) < _COMMANDS_MIN
        others_there = own.key(stretch.first) not in (None, stretch.key(stretch.first))
        proved = not few or _counts_otherwise(part) or others_there
        if proved and (found := _elsewhere(stretch, told)) is not None:
            yield part.file.name, found


def _stretch(node: Node, part: ClosedSegment | OpenSegment) -> Stretch | None:
    """All entries of a sound segment, at the indexes that it claims."""
    first, segment = part.first, part.segment
    if first is None or segment is None or segment.damaged or not len(segment):
        return None
    by_position = [replace(one, index=one.index - first) for one in _alone(node, part).changes]
    return replace(stretch_of(segment, by_position), first=first)


def _counts_otherwise(part: ClosedSegment | OpenSegment) -> bool:
    """Its name promises another number of entries."""
    return isinstance(part, ClosedSegment) and part.last_read != part.last


def _meet(one: Stretch, other: Stretch) -> bool:
    """Both have one and the same command at one index."""
    return any(
        one.key(at) == other.key(at) and one.types[at - one.first] == EntryType.COMMAND for at in _both(one, other)
    )


def _part(one: Stretch, other: Stretch) -> bool:
    return any(one.key(at) != other.key(at) for at in _both(one, other))


def _both(one: Stretch, other: Stretch) -> range:
    """Indexes that both hold."""
    return range(max(one.first, other.first), min(one.last, other.last) + 1)


def _elsewhere(held: Stretch, told: Sequence[Stretch]) -> int | None:
    places = (_lies_elsewhere(held, stretch) for stretch in told)
    return next((first for first in places if first is not None), None)


def _lies_elsewhere(held: Stretch, stretch: Stretch) -> int | None:
    """The other index at which all of it lies there, too; or so much of it that what follows goes on from there."""
    count, position = len(held.types), -1
    while True:
        try:
            position = stretch.digests.index(held.digests[0], position + 1)
        except ValueError:
            return None
        first = stretch.first + position
        shared = min(count, len(stretch.types) - position)
        enough = shared == count or held.types[:shared].count(EntryType.COMMAND) >= _COMMANDS_SURE
        moved = replace(held, first=first)
        if first != held.first and enough and same_entries(moved, stretch, first, first + shared - 1):
            return first
