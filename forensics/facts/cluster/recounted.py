"""Open segments that were counted on from too low an index, because closed ones before them are gone.

A node whose entries do not have their indexes proves nothing. But where another log, which is not so, has the same
entries further behind, they were written there: they are as good as any, whatever a start makes of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from forensics.facts.cluster.placement import found_at
from forensics.facts.log.entry_arrays import EntryArrays, intact_arrays_of
from forensics.facts.log.raft_log import OpenSegment, RaftLog
from forensics.facts.node.node import Node, changes_of


def recounted(nodes: Sequence[Node], away: Container[str]) -> tuple[Node, ...]:
    """The nodes, of which those that are `away` have their open segments where others have the same entries."""
    sound = [intact_arrays_of(node) for node in nodes if node.name not in away]
    return tuple(_recounted(node, sound) if node.name in away else node for node in nodes)


def _recounted(node: Node, sound: Sequence[EntryArrays]) -> Node:
    log = node.log
    if node.snapshots or log.damaged() or not all(part.has_indexes for part in log.closed):
        return node  # more is wrong than what is gone
    parts = tuple(_moved(log, sound))
    if parts == log.open:
        return node
    made = replace(log, open=parts)
    return replace(node, log=made, changes=changes_of(made))


def _moved(log: RaftLog, sound: Sequence[EntryArrays]) -> Iterator[OpenSegment]:
    """Each where its entries are found further behind, or where the one before it ends."""
    by = 0
    for part in log.open:
        found = found_at(log, part, sound)
        if found is not None and part.first is not None:
            by = max(found - part.first, 0)
        yield replace(part, first=part.first + by) if by and part.first is not None else part
