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
from forensics.facts.log.entry_arrays import EntryArrays, Stretch, entry_arrays_of, intact_arrays_of
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
    names = _names(node)
    doubtful = {
        part.file.name: intact_arrays_of(_without(node, names - {part.file.name})).stretches
        for part in node.log.closed
        if part.file.name not in placed and part.segment is not None and not part.segment.damaged
    }
    confirmed = {
        name for name, held in doubtful.items() if any(_meet(one, stretch) for one in held for stretch in told)
    }
    own = intact_arrays_of(_without(node, names - placed - confirmed))
    for name, held in doubtful.items():
        if name not in confirmed and held and all(_is_misplaced(one, own, told) for one in held):
            yield name


def _meet(one: Stretch, other: Stretch) -> bool:
    """Both have one and the same command at one index."""
    shared = range(max(one.first, other.first), min(one.last, other.last) + 1)
    return any(one.key(at) == other.key(at) and one.types[at - one.first] == EntryType.COMMAND for at in shared)


def _is_misplaced(held: Stretch, own: EntryArrays, told: Sequence[Stretch]) -> bool:
    """All its entries lie in a row elsewhere. Few may be repeated: the node itself then has others at their indexes."""
    few = held.types.count(EntryType.COMMAND) < _COMMANDS_MIN
    if few and own.key(held.first) in (None, held.key(held.first)):
        return False
    return any(_lies_elsewhere(held, stretch) for stretch in told)


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
