"""A node's log as rows, one segment at a time: no more than one segment is ever in memory, and only what a range needs.

The names of closed segments carry their ranges, so what lies outside is not even opened. What is damaged, missing or
there twice comes as a Note among the rows, never in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from forensics.barrier import stage
from forensics.evidence import Anomaly, Parsed, Span
from forensics.ingest.raft_names import (
    ClosedName,
    OpenName,
    SnapshotName,
    parse_closed,
    parse_open,
    parse_snapshot,
    parse_snapshot_meta,
)
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.parsers.command import Command, parse_command
from forensics.parsers.configuration import Configuration, parse_configuration
from forensics.parsers.damage import Damage, examine
from forensics.parsers.salvage import Salvaged, place
from forensics.parsers.segment import Entry, EntryType, Segment, Stop, StopReason
from forensics.parsers.segment_walk import parse_segment

N = TypeVar("N", ClosedName, OpenName, SnapshotName)


class Trust(Enum):
    """How sure a row is. Values are the words of the output."""

    WHOLE = "whole"  # read in order, both checksums hold
    SALVAGED = "salvaged"  # behind damage: both checksums hold, and the entries in between could be counted
    UNPLACED = "unplaced"  # behind damage: both checksums hold, but how many entries lie in between is unknown
    HEADER_ONLY = "header-only"  # of a bad batch whose header holds: term, type and size are right, the payload is not


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `index` is None where it cannot be known; `content` where there is none or it cannot be read."""

    index: int | None
    entry: Entry
    at: Span
    trust: Trust
    content: Command | Configuration | None
    anomalies: tuple[Anomaly, ...]


class NoteKind(StrEnum):
    """What keeps entries from being shown. Values are the types of notes in the output."""

    GAP = "gap"  # no segment for `first` to `last`
    OVERLAP = "overlap"  # the segment starts at `first`, the one before it ends at `last`
    UNREAD = "unread"  # only the name arrived; or the file has `first` bytes, more than any segment
    CUT = "cut"  # only `first` bytes arrived
    DAMAGE = "damage"  # `stop`; behind `first` entries of a closed segment whose name promises up to `last`


@dataclass(frozen=True, slots=True)
class Note:
    """Something among the rows that is no entry. Its words: facts/log/words.py.

    Attributes:
        first, last: numbers, by its kind.
        stop: of damage, where and why reading ended.
        damage: what explains it, if that was looked into; for words see forensics/rules/damage_words.py.
    """

    kind: NoteKind
    at: Span
    first: int | None = None
    last: int | None = None
    stop: Stop | None = None
    damage: Damage | None = None


Rows = Generator[Row | Note, None, int | None]
"""Rows and notes; what it returns is the index of the entry that would follow, None where that is unknown."""


@dataclass(frozen=True, slots=True)
class Range:
    """What is asked for: indexes `first` to `last`, both inclusive (None: to the end), of entries of `types`."""

    first: int = 0
    last: int | None = None
    types: frozenset[int] = frozenset(EntryType)

    def reaches(self, first: int, last: int) -> bool:
        """Some index of `first` to `last` is asked for."""
        return last >= self.first and (self.last is None or first <= self.last)

    def holds(self, index: int | None, kind: int) -> bool:
        """This entry is asked for. One of unknown index always may be."""
        return kind in self.types and (index is None or self.reaches(index, index))


def stream(state: StateDirectory, wanted: Range = Range()) -> Iterator[Row | Note]:
    """The rows that are asked for, in index order, and a note for everything that keeps others from being shown."""
    closed = sorted(
        _named(state, FileRole.CLOSED_SEGMENT, parse_closed), key=lambda pair: (pair[0].first, pair[0].last)
    )
    following: int | None = _behind_snapshot(state)
    for number, (name, file) in enumerate(closed):
        if number:
            yield from _seam(closed[number - 1][0].last, name, file, wanted)
        if name.first > name.last or wanted.reaches(name.first, name.last):
            yield from _segment(file, name.first, name.last, wanted)
        following = name.last + 1
    if following is not None and wanted.last is not None and wanted.last < following:
        return
    for _, file in sorted(_named(state, FileRole.OPEN_SEGMENT, parse_open), key=lambda pair: pair[0].counter):
        following = yield from _segment(file, following, None, wanted)


def _named(state: StateDirectory, role: FileRole, parse: Callable[[str], N | None]) -> list[tuple[N, StateFile]]:
    return [(name, file) for file in state.of_role(role) if (name := parse(file.name)) is not None]


def _behind_snapshot(state: StateDirectory) -> int:
    """Where the log starts if no closed segment says so: behind the newest snapshot that has both files, else at 1."""
    metas = {name for name, _ in _named(state, FileRole.SNAPSHOT_META, parse_snapshot_meta)}
    paired = [name for name, _ in _named(state, FileRole.SNAPSHOT, parse_snapshot) if name in metas]
    return max(paired, key=lambda name: name.order).index + 1 if paired else 1


def _seam(reached: int, name: ClosedName, file: StateFile, wanted: Range) -> Iterator[Note]:
    """A note where a closed segment does not start right behind the one before it."""
    at = Span(file.at.path)
    if name.first > reached + 1 and wanted.reaches(reached + 1, name.first - 1):
        yield Note(NoteKind.GAP, at, reached + 1, name.first - 1)
    elif name.first <= reached and wanted.reaches(name.first, reached):
        yield Note(NoteKind.OVERLAP, at, name.first, reached)


def _unread(file: StateFile, *_: object) -> Iterator[Note]:
    yield Note(NoteKind.UNREAD, file.at)


@stage("reading a segment", lambda file, *_: file.at.path, _unread)
def _segment(file: StateFile, first: int | None, last: int | None, wanted: Range) -> Rows:
    """One segment's rows; its content is held while they are read, and no longer."""
    if file.blob is None or file.size_min > SEGMENT_BYTES_MAX:
        yield Note(NoteKind.UNREAD, file.at, file.size_min if file.blob else None)
        return None
    view = memoryview(file.blob.read())
    segment = parse_segment(view, file.at.path)
    if file.cut:
        yield Note(NoteKind.CUT, file.at, len(view))
    yield from _rows(view, segment, first, Trust.UNPLACED if first is None else Trust.WHOLE, wanted)
    following = None if first is None else first + len(segment)
    damages = examine(view, segment) if segment.damaged else ()
    parts = tuple(damage.part for damage in damages)
    for damage, part, behind in zip(damages, parts, place(parts, following, last), strict=True):
        yield Note(NoteKind.DAMAGE, part.bad, stop=part.stop, damage=damage)
        yield from _suspects(part, following, wanted)
        yield from _rows(view, part.good, behind, Trust.UNPLACED if behind is None else Trust.SALVAGED, wanted)
        following = None if behind is None else behind + len(part.good)
    if not parts and last is not None and (following != last + 1 or segment.stop.reason is not StopReason.END):
        yield Note(NoteKind.DAMAGE, segment.stop_span(), len(segment), last, segment.stop)
    return following


def _rows(view: memoryview, segment: Segment, first: int | None, trust: Trust, wanted: Range) -> Iterator[Row]:
    if first is not None and len(segment) and not wanted.reaches(first, first + len(segment) - 1):
        return
    for entry in segment.entries(first or 0):
        index = None if first is None else entry.index
        if wanted.holds(index, entry.type):
            at = Span(segment.path, entry.offset, entry.size)
            parsed = _content(view[entry.offset : entry.offset + entry.size], entry.type, at)
            yield Row(index, entry, at, trust, parsed.value, parsed.anomalies)


def _suspects(part: Salvaged, first: int | None, wanted: Range) -> Iterator[Row]:
    for entry in part.suspects:
        index = None if first is None else first + entry.index
        if wanted.holds(index, entry.type):
            yield Row(index, entry, Span(part.bad.path, entry.offset, entry.size), Trust.HEADER_ONLY, None, ())


def _content(payload: memoryview, kind: int, at: Span) -> Parsed[Command] | Parsed[Configuration]:
    if kind == EntryType.COMMAND:
        return parse_command(payload, at)
    if kind == EntryType.CHANGE:
        return parse_configuration(bytes(payload), at)
    # a barrier's payload means nothing, and may be uninitialised memory (docs/reference/segments.md#entry-types)
    return Parsed(None)
