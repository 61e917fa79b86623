"""Logs whose entries do not have their indexes: a segment with another one's name, or another one's content.

An entry belongs to one index. Where a stretch of one node's log does not begin where a log begins, and a configuration
of it stands at another index in a log that does, nothing can be concluded from that node's indexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forensics.facts.log.entry_arrays import EntryArrays, Stretch
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType

_RUN = 4  # entries that have to be the same ones from the configuration on, as far as both hold them

Key = tuple[int, int, int, int]


def misplaced(nodes: Sequence[Node], arrays: Mapping[str, EntryArrays]) -> frozenset[str]:
    """The names of such nodes."""
    loose = {node.name: list(_changes(node, arrays[node.name], sound=False)) for node in nodes}
    sound = {node.name: list(_changes(node, arrays[node.name], sound=True)) for node in nodes}
    return frozenset(
        name
        for name, changes in loose.items()
        if any(
            _elsewhere(index, key, arrays[name], arrays[other], there)
            for other, there in sound.items()
            if other != name
            for index, key in changes
        )
    )


def _changes(node: Node, arrays: EntryArrays, *, sound: bool) -> Iterator[tuple[int, Key]]:
    """Index and key of each configuration, of stretches that begin where a log begins, or of the others."""
    for part in arrays.stretches:
        if _begins(node, part) is sound:
            position = part.types.find(EntryType.CHANGE)
            while position >= 0:
                yield part.first + position, part.key(part.first + position)
                position = part.types.find(EntryType.CHANGE, position + 1)


def _begins(node: Node, part: Stretch) -> bool:
    """It begins as a log does, or behind a snapshot."""
    return part.founds or any(snap.paired and part.first <= snap.name.index + 1 for snap in node.snapshots)


def _elsewhere(index: int, key: Key, own: EntryArrays, other: EntryArrays, there: Sequence[tuple[int, Key]]) -> bool:
    """The other log has this configuration, and what follows it, at another index only."""
    if other.key(index) == key:
        return False
    return any(
        its == key and at != index and own.key(at) != key and _same_run(own, index, other, at) for at, its in there
    )


def _same_run(one: EntryArrays, index: int, other: EntryArrays, at: int) -> bool:
    pairs = [(one.key(index + step), other.key(at + step)) for step in range(_RUN)]
    return all(mine == its for mine, its in pairs if mine is not None and its is not None)
