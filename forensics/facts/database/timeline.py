"""What there is of one node, by index: snapshots, and the log between them. Nothing is read before it is needed.

Indexes of closed segments are their names'. An open one continues what lies before it: behind an open segment with
damage indexes are not known, and nothing is taken from there. (The shift of indexes that dqlite itself would make
there is the forecast's matter.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.evidence import Span
from forensics.ingest.raft_names import SnapshotName, parse_closed, parse_open, parse_snapshot
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateDirectory, StateFile
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.parsers.segment import EntryType, Segment
from forensics.parsers.segment_walk import parse_segment


class Run(NamedTuple):
    """Indexes `first` to `last` without a gap."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A snapshot's data file that has content."""

    name: SnapshotName
    file: StateFile


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry with its payload, the file that it lies in, and where."""

    index: int
    term: int
    type: int
    payload: memoryview
    file: StateFile
    at: Span


@dataclass(frozen=True, slots=True)
class PlacedSegment:
    """A segment, and the first and the last index that it is for."""

    first: int
    last: int
    file: StateFile


@dataclass(frozen=True, slots=True)
class Timeline:
    """One node's evidence in order of index.

    Attributes:
        state: the directory that it lies in.
        snapshots: newest first, in libraft's order.
        closed, open: segments, in index order.
        known: segments that were decoded already, by path.
    """

    state: StateDirectory
    snapshots: list[SnapshotFile]
    closed: list[PlacedSegment]
    open: list[StateFile]
    known: Mapping[str, Segment] = field(default_factory=dict)

    def entries(self, first: int, last: int | None = None) -> Iterator[LogEntry]:
        """Entries of `first` to `last` (or to the end), in order. Ends where the next one cannot be read."""
        following = first
        for start, file in self._parts(first):
            if start > following or (last is not None and following > last):
                return
            data, segment = self._read(file)
            for position in range(following - start, len(segment)):
                if last is not None and following > last:
                    return
                offset, size = segment.offsets[position], segment.sizes[position]
                payload = data[offset : offset + size]
                at = Span(segment.path, offset, size)
                yield LogEntry(following, segment.terms[position], segment.types[position], payload, file, at)
                following += 1

    def runs(self) -> list[Run]:
        """Gapless stretches of entries that can be read. Reads every segment."""
        runs: list[Run] = []
        for start, file in self._parts(0):
            if not (count := len(self._segment(file))):
                continue
            if runs and start <= runs[-1].last + 1:
                runs[-1] = Run(runs[-1].first, max(start + count - 1, runs[-1].last))
            else:
                runs.append(Run(start, start + count - 1))
        return runs

    def tip(self) -> tuple[int, int]:
        """(term, index) of the last entry, or of the newest snapshot where the log ends before it.

        (0, 0) for neither. A forced configuration carries term 1 whatever the term around it
        (docs/reference/raft.md#traces-of-a-recovery): the term is that of the entry before it. Reads no more segments
        than that takes.
        """
        snapshot = (self.snapshots[0].name.term, self.snapshots[0].name.index) if self.snapshots else (0, 0)
        parts = [(closed.first, closed.file) for closed in self.closed] + list(self._open_parts())
        last = 0
        for start, file in reversed(parts):
            segment = self._segment(file)
            last = last or (start + len(segment) - 1 if len(segment) else 0)
            if (position := _last_regular(segment)) is not None:
                return max((segment.terms[position], last), snapshot, key=lambda tip: tip[1])
        return max((1, last), snapshot, key=lambda tip: tip[1])

    def _parts(self, index: int) -> Iterator[tuple[int, StateFile]]:
        """(first index, file) of the segments that may hold entries from `index` on."""
        for closed in self.closed:
            if closed.last >= index:
                yield closed.first, closed.file
        yield from self._open_parts()

    def _open_parts(self) -> Iterator[tuple[int, StateFile]]:
        if self.closed:
            following = self.closed[-1].last + 1
        else:
            following = self.snapshots[0].name.index + 1 if self.snapshots else 1
        for file in self.open:
            yield following, file
            segment = self._segment(file)
            if segment.damaged or not len(segment):
                return  # raft fills them in order: behind an empty one, entries have no index that can be trusted
            following += len(segment)

    def _segment(self, file: StateFile) -> Segment:
        known = self.known.get(file.at.path)
        return known if known is not None else self._read(file)[1]

    def _read(self, file: StateFile) -> tuple[memoryview, Segment]:
        if file.blob is None or file.size_min > SEGMENT_BYTES_MAX:
            return memoryview(b""), Segment(file.at.path, 0)
        data = file.blob.read()
        known = self.known.get(file.at.path)
        return memoryview(data), parse_segment(data, file.at.path) if known is None else known


def timeline_of(state: StateDirectory, known: Mapping[str, Segment] | None = None) -> Timeline:
    """A state directory by index.

    Args:
        state: the directory.
        known: segments that were decoded already, by path.
    """
    snapshots = [
        SnapshotFile(name, file)
        for file in state.of_role(FileRole.SNAPSHOT)
        if (name := parse_snapshot(file.name)) and file.blob is not None and file.blob.size
    ]
    closed = [
        PlacedSegment(span.first, span.last, file)
        for file in state.of_role(FileRole.CLOSED_SEGMENT)
        if (span := parse_closed(file.name)) and span.first <= span.last
    ]
    opened = [
        (segment.counter, file)
        for file in state.of_role(FileRole.OPEN_SEGMENT)
        if (segment := parse_open(file.name)) and file.blob is not None
    ]
    return Timeline(
        state,
        sorted(snapshots, key=lambda found: found.name.order, reverse=True),
        sorted(closed, key=lambda part: (part.first, part.last)),
        [file for _, file in sorted(opened, key=lambda pair: pair[0])],
        known or {},
    )


def _last_regular(segment: Segment) -> int | None:
    """Position of the last entry that is no configuration of term 1."""
    for position in range(len(segment) - 1, -1, -1):
        if segment.terms[position] != 1 or segment.types[position] != EntryType.CHANGE:
            return position
    return None
