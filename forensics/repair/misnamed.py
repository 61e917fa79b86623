"""Segments whose names are proved wrong: the same entries lie at other indexes in a segment whose indexes are sure.

Nothing is lost by leaving such a one out of every comparison: what it holds, the sure one holds too. With it, the node
seems to have another history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.facts.cluster.build import compared_again
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import same_entries
from forensics.facts.cluster.misplaced import misplaced
from forensics.facts.log.entry_arrays import Stretch, entry_arrays_of, intact_arrays_of, stretch_of
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.facts.node.node import Node, changes_of
from forensics.parsers.segment import EntryType
from forensics.repair.placed import placed_parts

_COMMANDS_MIN = 2  # so many equal commands in a row; a lone one may be repeated


def without_misnamed(cluster: Cluster) -> Cluster:
    """The cluster as its nodes' other segments tell it."""
    sure = with_sure_names(cluster)
    told = [stretch for node in sure for stretch in intact_arrays_of(node).stretches]
    names = {node.name: frozenset(_misnamed(node, placed_parts(node), told)) for node in cluster.nodes}
    if not any(names.values()):
        return cluster
    return compared_again(cluster, [_without(node, names[node.name]) for node in cluster.nodes])


def with_sure_names(cluster: Cluster) -> list[Node]:
    """Nodes with nothing but segments of sure indexes. Where names tell one thing and entries another, none is."""
    nodes = [_without(node, _names(node) - placed_parts(node)) for node in cluster.nodes]
    odd = misplaced(nodes, {node.name: entry_arrays_of(node) for node in nodes})
    return [node for node in nodes if node.name not in odd]


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


def _misnamed(node: Node, placed: frozenset[str], told: Sequence[Stretch]) -> Iterator[str]:
    doubtful = {part.file.name: part for part in _parts(node.log) if part.file.name not in placed}
    held = {name: stretch for name, part in doubtful.items() if (stretch := _stretch(node, part))}
    confirmed = {name for name, stretch in held.items() if any(_meet(stretch, other) for other in told)}
    own = intact_arrays_of(_without(node, _names(node) - placed - confirmed))
    for name, stretch in held.items():
        if name in confirmed:
            continue
        few = stretch.types.count(EntryType.COMMAND) < _COMMANDS_MIN
        proved = (
            not few
            or _counts_otherwise(doubtful[name])
            or own.key(stretch.first) not in (None, stretch.key(stretch.first))
        )
        if proved and any(_lies_elsewhere(stretch, other) for other in told):
            yield name


def _stretch(node: Node, part: ClosedSegment | OpenSegment) -> Stretch | None:
    """All entries of a sound segment, at the indexes that it claims."""
    first, segment = part.first, part.segment
    if first is None or segment is None or segment.damaged or not len(segment):
        return None
    by_position = [
        replace(one, index=one.index - first) for one in _without(node, _names(node) - {part.file.name}).changes
    ]
    return replace(stretch_of(segment, by_position), first=first)


def _counts_otherwise(part: ClosedSegment | OpenSegment) -> bool:
    """Its name promises another number of entries."""
    return isinstance(part, ClosedSegment) and part.last_read != part.last


def _meet(one: Stretch, other: Stretch) -> bool:
    """Both have one and the same command at one index."""
    shared = range(max(one.first, other.first), min(one.last, other.last) + 1)
    return any(one.key(at) == other.key(at) and one.types[at - one.first] == EntryType.COMMAND for at in shared)


def _lies_elsewhere(held: Stretch, stretch: Stretch) -> bool:
    count, position = len(held.types), -1
    while True:
        try:
            position = stretch.digests.index(held.digests[0], position + 1)
        except ValueError:
            return False
        first = stretch.first + position
        moved = replace(held, first=first)
        is_whole = first != held.first and first + count - 1 <= stretch.last
        if is_whole and same_entries(moved, stretch, first, first + count - 1):
            return True
