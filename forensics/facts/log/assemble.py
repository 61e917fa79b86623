"""A state directory's segments → its log, each entry with the index that it was written at.

Source: docs/reference/start.md#which-segments-are-used; docs/reference/start.md#loading-segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forensics.evidence import Blob
from forensics.facts.decoder import Decoder
from forensics.facts.log.damage import explain
from forensics.facts.log.intact import IntactSegment, read_past_damage
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.ingest.files import Kind
from forensics.ingest.raft_names import parse_closed, parse_open
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.parsers.damage import Damage


def assemble_log(state: StateDirectory, snapshot_index: int | None, decoder: Decoder) -> RaftLog:
    """All segments of a directory; the newest snapshot's index tells where a log of open ones begins."""
    closed = [
        ClosedSegment(file, name, decoder.segment(file))
        for file in regular_files(state, FileRole.CLOSED_SEGMENT)
        if (name := parse_closed(file.name))
    ]
    closed.sort(key=lambda part: (part.first, part.last))
    unplaced = [
        OpenSegment(file, open_name, decoder.segment(file), None)
        for file in regular_files(state, FileRole.OPEN_SEGMENT)
        if (open_name := parse_open(file.name))
    ]
    unplaced.sort(key=lambda part: part.name.counter)
    log = RaftLog(tuple(closed), tuple(unplaced))
    damage = explain(log)
    read = _PastDamage(log.blobs(), damage)
    for part in closed:
        read.segment(part, part.first, part.last)
    opened = tuple(_placed(unplaced, _first_open_index(closed, snapshot_index), read))
    return replace(log, open=opened, damage=damage, intact=read.intact)


def regular_files(state: StateDirectory, role: FileRole) -> list[StateFile]:
    """Of one role; a directory with such a name is no file of raft's (rule SEG019 tells of it)."""
    return [file for file in state.of_role(role) if file.kind is not Kind.DIRECTORY]


def _first_open_index(closed: list[ClosedSegment], snapshot_index: int | None) -> int:
    """Where open segments continue: behind the last closed one, whose name says where it ended also where it cannot be
    read to its end; else behind the snapshot, else at 1.
    """
    if not closed:
        return 1 if snapshot_index is None else snapshot_index + 1
    last = closed[-1]
    return (last.last if last.first <= last.last else last.last_read) + 1


class _PastDamage:
    """Reads damaged segments past their damage; `intact` has what was found, by the segment's path."""

    def __init__(self, blobs: Mapping[str, Blob], damage: Mapping[str, tuple[Damage, ...]]) -> None:
        self._blobs, self._damage = blobs, damage
        self.intact: dict[str, IntactSegment] = {}

    def segment(self, part: ClosedSegment | OpenSegment, first: int | None, last: int | None) -> IntactSegment | None:
        """One segment; None where loading reads it to its end, or nothing of it is at hand."""
        if part.segment is None or not part.segment.damaged:
            return None
        path = part.segment.path
        self.intact[path] = read_past_damage(self._blobs[path], part.segment, self._damage.get(path, ()), first, last)
        return self.intact[path]


def _placed(parts: list[OpenSegment], first: int | None, read: _PastDamage) -> Iterator[OpenSegment]:
    """Each continues the one before it, also behind a bad stretch whose entries can be counted.

    Behind one that cannot be counted the index is not known; where nothing sound follows in the same segment, as many
    entries as were read are counted.
    """
    for part in parts:
        yield replace(part, first=first)
        first = _behind(part, first, read.segment(part, first, None))


def _behind(part: OpenSegment, first: int | None, intact: IntactSegment | None) -> int | None:
    if part.segment is None or first is None:
        return None
    if intact is None:
        return first + len(part.segment)
    counted = [one.lost_before for one in intact.parts]
    if None in counted:
        return None
    held = sum(len(one.segment) + (one.lost_before or 0) for one in intact.parts)
    return first + held + (intact.lost_behind or 0)
