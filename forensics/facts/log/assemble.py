"""A state directory's segments → its log, each entry with the index that it was written at.

Source: docs/reference/start.md#which-segments-are-used; docs/reference/start.md#loading-segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from forensics.facts.decoder import Decoder
from forensics.facts.log.damage import explain
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.ingest.files import Kind
from forensics.ingest.raft_names import parse_closed, parse_open
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.parsers.damage import Damage
from forensics.parsers.salvage import place


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
    first = _first_open_index(closed, snapshot_index)
    return replace(log, open=tuple(_placed(unplaced, first, damage)), damage=damage)


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


def _placed(
    parts: list[OpenSegment], first: int | None, damage: Mapping[str, tuple[Damage, ...]]
) -> Iterator[OpenSegment]:
    """Each continues the one before it, also behind a bad stretch whose entries can be counted."""
    for part in parts:
        yield replace(part, first=first)
        first = _behind(part, first, damage.get(part.file.at.path, ()))


def _behind(part: OpenSegment, first: int | None, damages: tuple[Damage, ...]) -> int | None:
    """The index that follows a segment. None where that is unknown: only its name arrived, or sound entries follow a
    bad stretch whose entries cannot be counted. Where nothing sound follows it, as many as were read are counted.
    """
    if first is None or part.segment is None:
        return None
    following = first + len(part.segment)
    if not damages:
        return following
    stretches = tuple(damage.part for damage in damages)
    last, at = stretches[-1], place(stretches, following, None)[-1]
    if at is not None:
        return at + len(last.good)
    return None if any(len(stretch.good) for stretch in stretches) else following
