"""Copies that are not one consistent state: who copies a directory reads names first, and contents later.

A running node keeps two unused open segments behind the one that it fills (docs/reference/segments.md#open-segments).
Fewer of them among the names tell that it took another segment into use after the names were read. The end of the
segment before that one, or all of it, is then missing from the copy, and the entries behind are not at the indexes that
counting gives them. Whether they are is proved by another node's log; a node that was killed just as it changed
segments shows as few, and no gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from forensics.evidence import Span
from forensics.facts.cluster.log_matching import Divergence, Kind
from forensics.facts.log.raft_log import OpenSegment, RaftLog
from forensics.facts.node.node import Grade, Node
from forensics.parsers.segment import EntryType, Segment

_SPARE_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class TornCopy:
    """Open segments of a node whose entries have no index that could be known.

    Attributes:
        node: by name.
        index: that counting would give to the first of these entries; before it the copy is whole.
        segments: their names.
        unused: how many unused open segments follow.
        at: their first one's first entry.
    """

    node: str
    index: int
    segments: tuple[str, ...]
    unused: int
    at: Span


def unused_behind(node: Node) -> int | None:
    """How many unused open segments follow the last used one; None where none is used, or contents are not at hand."""
    used = [part.used for part in node.log.open]
    if True not in used or not node.log.known_by_content:
        return None
    return used[::-1].index(True)


def is_older_than_contents(node: Node) -> bool:
    """The directory was listed before its last used open segment was written; never where two looks agree."""
    unused = unused_behind(node)
    return unused is not None and node.state.changed != () and unused < _SPARE_SEGMENTS


def half_written(node: Node) -> tuple[str, ...]:
    """Open segments that changed while they were copied, and that hold sound batches behind a bad one.

    Pages reached the copy in another order than the disk, so the bad batch is the copy's alone. Only a collector that
    looks twice tells it (docs/reference/collectors.md#collectsh).
    """
    changed = node.state.changed or ()
    return tuple(part.file.name for part in node.log.open if part.file.name in changed and _resumes(node.log, part))


def without_torn(
    nodes: tuple[Node, ...], divergences: Iterable[Divergence]
) -> tuple[tuple[Node, ...], tuple[TornCopy, ...]]:
    """The nodes without indexes for open segments that another log contradicts from their first entry on, in a term.

    What is known by name stays; a node that has entries without an index is no longer whole.
    """
    settled = {node.name: node for node in nodes}
    torn: list[TornCopy] = []
    for divergence in divergences:
        if divergence.kind not in (Kind.SHIFTED, Kind.FORK):
            continue
        names = {name for side in divergence.sides for name in side.nodes}
        for node in tuple(settled.values()):
            if node.name in names and is_older_than_contents(node) and (found := _torn_at(node, divergence.index)):
                torn.append(found)
                settled[node.name] = _without_indexes(node, found)
    return tuple(settled.values()), tuple(torn)


def _torn_at(node: Node, index: int) -> TornCopy | None:
    """The node's open segments from the one that begins at `index`, where the one before it may have been cut short."""
    parts = node.log.open
    begin = next((at for at, part in enumerate(parts) if part.first == index and part.used), None)
    unused = unused_behind(node)
    if begin is None or unused is None or (begin > 0 and not _cut_short(node.log, parts[begin - 1])):
        return None
    used = [part for part in parts[begin:] if part.used]
    first = used[0].segment
    if first is None or not len(first) or _founds(index, first):
        return None
    return TornCopy(node.name, index, tuple(part.file.name for part in used), unused, first.header_span(0))


def _founds(index: int, segment: Segment) -> bool:
    """Its first entry is the founder's configuration, and nothing comes before that.

    Source: docs/reference/raft.md#bootstrap-and-ids.
    """
    return index == 1 and (segment.types[0], segment.terms[0]) == (EntryType.CHANGE, 1)


def _without_indexes(node: Node, torn: TornCopy) -> Node:
    """The node with no index for the entries of the torn segments and of those behind them."""
    parts = node.log.open
    begin = next(at for at, part in enumerate(parts) if part.first == torn.index and part.used)
    unplaced = tuple(replace(part, first=None, torn=True) for part in parts[begin:])
    paths = {part.file.at.path for part in unplaced}
    intact = {path: known for path, known in node.log.intact.items() if path not in paths}
    return replace(
        node,
        log=replace(node.log, open=(*parts[:begin], *unplaced), intact=intact),
        changes=tuple(change for change in node.changes if change.from_snapshot or change.index < torn.index),
        grade=Grade.PARTIAL,
    )


def _cut_short(log: RaftLog, part: OpenSegment) -> bool:
    """It may have been copied before it was filled: it holds entries, and no good ones behind a bad stretch."""
    return part.segment is not None and len(part.segment) > 0 and not _resumes(log, part)


def _resumes(log: RaftLog, part: OpenSegment) -> bool:
    """Good batches follow a bad stretch."""
    return any(len(damage.part.good) for damage in log.damage.get(part.file.at.path, ()))
