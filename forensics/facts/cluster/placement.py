"""Entries that nothing on their own disk surely gives an index, told by another node's log.

Where a bad stretch of an open segment hides how many entries it held, or where the last closed segment holds another
number than its name says, those behind are found again by their content where another node has them: several commands
in a row with equal terms and checksums are no accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from forensics.facts.cluster.log_matching import same_entries
from forensics.facts.cluster.torn_copy import is_older_than_contents
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.facts.log.entry_arrays import EntryArrays, Stretch, intact_arrays_of, stretch_of
from forensics.facts.log.intact import IntactPart, IntactSegment
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.facts.node.node import Node, changes_of
from forensics.ingest.raft_names import OpenName
from forensics.parsers.segment import EntryType, Segment

_COMMANDS_MIN = 2  # so many equal commands in a row; a lone one may be repeated


def with_places(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes, with the indexes that only the others' logs tell."""
    if not any(_is_unplaced(node.log) or _is_doubtful(node.log) or _is_overfull(node.log) for node in nodes):
        return tuple(nodes)
    arrays = {node.name: intact_arrays_of(node) for node in nodes}
    return tuple(_told_by(node, [held for name, held in arrays.items() if name != node.name]) for node in nodes)


def _told_by(node: Node, others: Sequence[EntryArrays]) -> Node:
    placed = _placed(node, others) if _is_unplaced(node.log) and not is_older_than_contents(node) else node
    made = _confirmed(placed, others) if _is_doubtful(node.log) else placed
    return _with_indexes(made, others) if _is_overfull(node.log) else made


def _is_doubtful(log: RaftLog) -> bool:
    """Entries in an open segment behind another one that holds none, or behind a hole in the counters."""
    return any(
        part.used and (not before.used or part.name.counter != before.name.counter + 1)
        for before, part in pairwise(log.open)
    )


def _is_overfull(log: RaftLog) -> bool:
    """A closed segment holds more entries than its name has indexes."""
    return not all(part.has_indexes for part in log.closed)


def _with_indexes(node: Node, others: Sequence[EntryArrays]) -> Node:
    """Which of such segments have their entries where counting from their name puts them."""
    log = node.log
    parts = tuple(replace(part, confirmed=_begins_as_named(log, part, others)) for part in log.closed)
    return replace(node, log=replace(log, closed=parts))


def _begins_as_named(log: RaftLog, part: ClosedSegment, others: Sequence[EntryArrays]) -> bool:
    if part.has_indexes or part.segment is None:
        return part.confirmed
    return _found(part.segment, _changes_in(log, part), others) == part.first


def _confirmed(node: Node, others: Sequence[EntryArrays]) -> Node:
    """Which open segments have entries that are where counting puts them."""
    log = node.log
    parts = tuple(replace(part, confirmed=_is_in_place(log, part, others)) for part in log.open)
    return replace(node, log=replace(log, open=parts))


def _is_in_place(log: RaftLog, part: OpenSegment, others: Sequence[EntryArrays]) -> bool:
    """Another log has its entries at these indexes; or they begin as every log does."""
    if part.segment is None or part.first is None or not len(part.segment):
        return False
    changes = _changes_in(log, part)
    founds = part.first == 1 and replace(stretch_of(part.segment, changes), first=1).founds
    return founds or _found(part.segment, changes, others) == part.first


def _is_unplaced(log: RaftLog) -> bool:
    """Some entries have no index, or only one that counting guesses."""
    unsure = any(
        known.lost_behind is None or any(part.first is None for part in known.parts) for known in log.intact.values()
    )
    if unsure or any(part.used and part.first is None for part in log.open):
        return True
    return not _ends_by_its_name(log) and any(part.used for part in log.open)


def _ends_by_its_name(log: RaftLog) -> bool:
    """The last closed segment holds as many entries as its name says, as far as damage does not hide them: open ones
    are counted on from that name.
    """
    last = log.closed[-1] if log.closed else None
    if last is None or last.segment is None or last.segment.damaged:
        return True
    return last.last_read == last.last


def _placed(node: Node, others: Sequence[EntryArrays]) -> Node:
    """Segment by segment: what follows a part that was found follows it on."""
    log = node.log
    intact = dict(log.intact)
    for closed in log.closed:
        known = intact.get(closed.file.at.path)
        if known is not None:
            intact[closed.file.at.path] = replace(known, parts=tuple(_parts(known, closed.first, others)))
    made = replace(log, open=tuple(_open_parts(log, intact, others)), intact=intact)
    return replace(node, log=made, changes=changes_of(made))


def _open_parts(log: RaftLog, intact: dict[str, IntactSegment], others: Sequence[EntryArrays]) -> Iterator[OpenSegment]:
    """The open segments in order; what is intact of damaged ones gets its place in `intact`."""
    following, sure = (log.open[0].first if log.open else None), _ends_by_its_name(log)
    for part in log.open:
        first = following if part.first is None else part.first
        if part.segment is not None and (first is None or not sure):
            first = _found(part.segment, _changes_in(log, part), others) or first
        known = intact.get(part.file.at.path)
        if known is not None:
            known = intact[part.file.at.path] = _along(known, part, first, others)
        placed = replace(part, first=first)
        following, sure = (known.end, known.lost_behind is not None) if known else (_end(placed), True)
        yield placed


def _along(known: IntactSegment, part: OpenSegment, first: int | None, others: Sequence[EntryArrays]) -> IntactSegment:
    """What is intact of a damaged segment: what was counted on from its first entry goes along with that."""
    by = 0 if first is None or part.first is None else first - part.first
    moved = (one if one.first is None else replace(one, first=one.first + by) for one in known.parts)
    return replace(known, parts=tuple(_parts(replace(known, parts=tuple(moved)), first, others)))


def _changes_in(log: RaftLog, part: ClosedSegment | OpenSegment) -> tuple[ConfigurationChange, ...]:
    """The configurations that loading reads in a segment, by position."""
    alone = OpenSegment(part.file, OpenName(0, canonical=True), part.segment, 0)
    return changes_of(replace(log, closed=(), open=(alone,), intact={}))


def _end(part: OpenSegment) -> int | None:
    """Index that follows the last entry of a sound one."""
    return None if part.first is None or part.segment is None else part.first + len(part.segment)


def _parts(known: IntactSegment, first: int | None, others: Sequence[EntryArrays]) -> Iterator[IntactPart]:
    following = first
    for part in known.parts:
        start = part.first
        if start is None and following is not None and part.lost_before is not None:
            start = following + part.lost_before
        if start is None:
            start = _found(part.segment, part.changes, others)
        placed = replace(part, first=start)
        yield placed
        following = placed.end


def found_at(log: RaftLog, part: OpenSegment, others: Iterable[EntryArrays]) -> int | None:
    """The only index at which another log holds the entries of an open segment, as far as that log reaches."""
    return None if part.segment is None else _found(part.segment, _changes_in(log, part), others)


def _found(segment: Segment, changes: Iterable[ConfigurationChange], others: Iterable[EntryArrays]) -> int | None:
    """The only index at which another log holds these entries; None where none does, or several could.

    What claims to be entry 1 and founds no cluster has lost entries before it, and tells no index.
    """
    wanted = stretch_of(segment, changes)
    told = (stretch for held in others for stretch in held.stretches if stretch.first != 1 or stretch.founds)
    found = {index for stretch in told for index in places(stretch, wanted)}
    return found.pop() if len(found) == 1 else None


def places(stretch: Stretch, wanted: Stretch) -> Iterator[int]:
    """The indexes at which a stretch holds the same entries, as far as it reaches."""
    anchor = wanted.types.find(EntryType.COMMAND)
    digests = stretch.digests
    position = anchor - 1
    while anchor >= 0:
        try:
            position = digests.index(wanted.digests[anchor], position + 1)
        except ValueError:
            return
        first = stretch.first + position - anchor
        count = min(len(wanted.types), len(stretch.types) - (position - anchor))
        commands = wanted.types[:count].count(EntryType.COMMAND)
        moved = replace(wanted, first=first)
        if position >= anchor and commands >= _COMMANDS_MIN and same_entries(moved, stretch, first, first + count - 1):
            yield first
