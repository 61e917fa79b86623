"""Logs whose entries do not have their indexes: a segment with another one's name, or another one's content.

An entry belongs to one index. Where a stretch of one node's log does not begin where a log begins, or a segment holds
fewer entries than its name has indexes, and a configuration of it stands at another index in a log of which neither is
so, nothing can be concluded from that node's indexes. Nor can it where that is so of the commands with which the two
begin to differ. Nor where entry 1 is not the founder's configuration:
what stood before is gone, and all that follows has too low an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from forensics.facts.cluster.log_matching import first_unequal
from forensics.facts.cluster.placement import places
from forensics.facts.log.entry_arrays import EntryArrays, Key, Stretch
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType

_RUN = 4  # entries that have to be the same ones from the configuration on, as far as both hold them
_COMMANDS = 8  # so many entries in a row at another index are no accident


def misplaced(nodes: Sequence[Node], arrays: Mapping[str, EntryArrays]) -> frozenset[str]:
    """The names of such nodes."""
    loose = {node.name: list(_changes(node, arrays[node.name], sound=False)) for node in nodes}
    sound = {node.name: list(_changes(node, arrays[node.name], sound=True)) for node in nodes}
    by_change = {
        name
        for name, changes in loose.items()
        if any(
            _elsewhere(index, key, arrays[name], arrays[other], there)
            for other, there in sound.items()
            if other != name
            for index, key in changes
        )
    }
    headless = {
        name for name, held in arrays.items() if any(part.first == 1 and not part.founds for part in held.stretches)
    }
    return frozenset(by_change | headless | set(_by_commands(nodes, arrays)))


def _by_commands(nodes: Sequence[Node], arrays: Mapping[str, EntryArrays]) -> Iterator[str]:
    """Nodes whose commands, where they begin to differ from a sound log, stand at another index in that one."""
    sound = [(node.name, part) for node in nodes for part in arrays[node.name].stretches if _begins(node, part)]
    for node in nodes:
        parts = arrays[node.name].stretches
        pairs = [(part, whole) for part in parts for name, whole in sound if name != node.name]
        if any(_moved(node, part, whole, arrays.values()) for part, whole in pairs):
            yield node.name


def _moved(node: Node, part: Stretch, whole: Stretch, every: Collection[EntryArrays]) -> bool:
    first, last = max(part.first, whole.first), min(part.last, whole.last)
    index = part.first if first > last else first_unequal(part, whole, first, last)
    if index is None:
        return False
    found = list(places(whole, part.cut(index, _COMMANDS)))
    if any(at < index for at in found):
        return True  # the same entries at two indexes
    if not found or found == [index]:
        return False
    return not _begins(node, part) or _exchanged(part, whole, index, every)


def _exchanged(part: Stretch, whole: Stretch, index: int, every: Collection[EntryArrays]) -> bool:
    """Each has the other's entries further behind, and more logs have what `whole` has; else the entries with too low
    an index follow lost ones, which is another matter.
    """
    if not any(at > index for at in places(part, whole.cut(index, _COMMANDS))):
        return False
    held = Counter(arrays.key(index) for arrays in every)
    return held[part.key(index)] < held[whole.key(index)]


def _changes(node: Node, arrays: EntryArrays, *, sound: bool) -> Iterator[tuple[int, Key]]:
    """Index and key of each configuration: where a log begins and segments are as long as their names say, or
    elsewhere.
    """
    for part in arrays.stretches:
        position = part.types.find(EntryType.CHANGE)
        while position >= 0:
            index = part.first + position
            if (_begins(node, part) and not in_short_segment(node, index)) is sound:
                yield index, part.key(index)
            position = part.types.find(EntryType.CHANGE, position + 1)


def in_short_segment(node: Node, index: int) -> bool:
    """An entry stands in a closed segment that holds fewer entries than its name has indexes."""
    return any(closed.first <= index <= closed.last and closed.last_read < closed.last for closed in node.log.closed)


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
