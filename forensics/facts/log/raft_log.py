"""All segments of a node in index order.

An entry carries no index on disk: a closed segment's come from its name, an open one's continue what was read before
it (docs/reference/segments.md#segments). What dqlite itself would make of a damaged set is the forecast's question, not
this module's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forensics.evidence import Blob, Span
from forensics.facts.log.intact import IntactSegment
from forensics.ingest.raft_names import ClosedName, OpenName
from forensics.ingest.state_directory import StateFile
from forensics.parsers.damage import Damage
from forensics.parsers.segment import Entry, EntryType, Segment


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """`first-last`.

    Attributes:
        file, name: which.
        segment: its entries; None where only its name is known.
        confirmed: another node's log shows that its entries have the indexes that counting from its name gives
            (facts/cluster/placement.py).
    """

    file: StateFile
    name: ClosedName
    segment: Segment | None
    confirmed: bool = False

    @property
    def first(self) -> int:
        """Index of its first entry, from the name."""
        return self.name.first

    @property
    def last(self) -> int:
        """Index of its last entry, from the name."""
        return self.name.last

    @property
    def gives_indexes(self) -> bool:
        """Its name does not end before it begins: such a one is nobody's range, and a start stops at it."""
        return self.first <= self.last

    @property
    def has_indexes(self) -> bool:
        """Not more entries than indexes in its name, or entry 1 shows where they begin, or another node's log does."""
        return self.last_read <= self.last or self.confirmed or self.founds

    @property
    def founds(self) -> bool:
        """It begins as every log does: entry 1 is the founder's configuration, of term 1.

        Source: docs/reference/raft.md#bootstrap-and-ids.
        """
        segment = self.segment
        begins = segment is not None and len(segment) > 0 and self.first == 1
        return segment is not None and begins and (segment.types[0], segment.terms[0]) == (EntryType.CHANGE, 1)

    @property
    def last_read(self) -> int:
        """Index of the last entry that could be read; first - 1 where none could."""
        return self.last if self.segment is None else self.first + len(self.segment) - 1


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """`open-N`. Its indexes continue the segment before it.

    Attributes:
        file, name: which.
        segment: its entries; None where only its name is known.
        first: the index that its first entry was written at; None where that is not known.
        confirmed: its entries themselves, or another node's log, show that counting numbers them rightly where that is
            in doubt (facts/cluster/placement.py).
        torn: its copy is of another moment than that of the segments before it (facts/cluster/torn_copy.py).
    """

    file: StateFile
    name: OpenName
    segment: Segment | None
    first: int | None
    torn: bool = False
    confirmed: bool = False

    @property
    def used(self) -> bool:
        """It holds entries, or bytes that should be entries."""
        return self.segment is not None and (len(self.segment) > 0 or self.segment.damaged)

    @property
    def last_read(self) -> int | None:
        """Index of the last entry that could be read; None where there is none."""
        if self.first is None or self.segment is None or not len(self.segment):
            return None
        return self.first + len(self.segment) - 1


@dataclass(frozen=True, slots=True)
class Run:
    """Indexes `first` to `last` without a gap, over neighbouring segments."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class RaftLog:
    """A node's segments, closed ones by first index, open ones by counter.

    Attributes:
        damage: the bad stretches of damaged segments, explained, by the segment's path.
        intact: what is sound in damaged segments, also behind their damage, by the segment's path.
    """

    closed: tuple[ClosedSegment, ...] = ()
    open: tuple[OpenSegment, ...] = ()
    damage: Mapping[str, tuple[Damage, ...]] = field(default_factory=dict)
    intact: Mapping[str, IntactSegment] = field(default_factory=dict)

    @property
    def known_by_content(self) -> bool:
        """Every segment could be read to its end, not only its name or a part of it."""
        parts: list[ClosedSegment | OpenSegment] = [*self.closed, *self.open]
        return all(part.segment is not None and not part.file.cut for part in parts)

    @property
    def may_go_on(self) -> bool:
        """Open segments that are known by name alone, or in part, may hold entries behind the last that is known."""
        return any(part.segment is None or part.file.cut for part in self.open)

    def unread_behind(self, index: int) -> bool:
        """What did not arrive of the segments may hold entries behind an index."""
        closed = any(part.last > index and not part.file.arrived for part in self.closed)
        return closed or any(not part.file.arrived for part in self.open)

    def hidden_behind(self, index: int) -> bool:
        """Entries behind an index may lie in what did not arrive, or do lie behind damage or a gap."""
        closed = any(part.last > index for part in self.closed)
        return closed or self.unread_behind(index) or any(part.segment and part.segment.damaged for part in self.open)

    def damaged(self) -> list[str]:
        """Names of the segments that do not decode to their end."""
        parts: list[ClosedSegment | OpenSegment] = [*self.closed, *self.open]
        return [part.file.name for part in parts if part.segment is not None and part.segment.damaged]

    def blobs(self) -> dict[str, Blob]:
        """The contents, by the path that a segment carries."""
        files = [part.file for part in self.closed] + [part.file for part in self.open]
        return {file.at.path: file.blob for file in files if file.blob is not None}

    def parts(self) -> Iterator[tuple[int, Segment, ClosedSegment | OpenSegment]]:
        """First index, segment and origin of everything that holds entries, in index order."""
        for closed in self.closed:
            if closed.segment is not None and len(closed.segment) and closed.gives_indexes:
                yield closed.first, closed.segment, closed
        for part in self.open:
            if part.segment is not None and part.first is not None and len(part.segment):
                yield part.first, part.segment, part

    def intact_parts(self) -> Iterator[tuple[int, Segment, ClosedSegment | OpenSegment]]:
        """As `parts`, with all that is sound in damaged segments: what can be read, whatever loading makes of it."""
        origins: list[ClosedSegment | OpenSegment] = [*self.closed, *self.open]
        for origin in origins:
            if origin.segment is None or (isinstance(origin, ClosedSegment) and not origin.gives_indexes):
                continue
            known = self.intact.get(origin.segment.path)
            if known is not None:
                yield from ((one.first, one.segment, origin) for one in known.parts if one.first is not None)
            elif origin.first is not None and len(origin.segment):
                yield origin.first, origin.segment, origin

    def entries(self, first: int = 0, last: int | None = None) -> Iterator[tuple[Entry, Segment]]:
        """Entries of `first` to `last`, each with the segment that its payload lies in. Overlaps come as they are."""
        for start, segment, _ in self.parts():
            if start + len(segment) <= first or (last is not None and start > last):
                continue
            for position in range(max(first - start, 0), len(segment)):
                if last is not None and start + position > last:
                    break
                yield segment.entry(position, start), segment

    def runs(self) -> list[Run]:
        """Gapless stretches of what could be read, in index order."""
        runs: list[Run] = []
        for start, segment, _ in self.parts():
            last = start + len(segment) - 1
            if runs and runs[-1].first <= start <= runs[-1].last + 1:
                runs[-1] = Run(runs[-1].first, max(last, runs[-1].last))
            else:
                runs.append(Run(start, last))
        return runs

    def chain(self) -> Run | None:
        """The last gapless stretch: what loading uses of a healthy directory."""
        runs = self.runs()
        if runs:
            return runs[-1]
        if self.closed and not self.known_by_content:
            return self._named_chain()
        return None

    def _named_chain(self) -> Run:
        first, last = self.closed[-1].first, self.closed[-1].last
        for closed in reversed(self.closed[:-1]):
            if closed.last + 1 != first:
                break
            first = closed.first
        return Run(first, last)

    def term_at(self, index: int) -> int | None:
        """Term of an entry, from the latest part that holds it, behind damage too."""
        found = None
        for start, segment, _ in self.intact_parts():
            if start <= index < start + len(segment):
                found = segment.terms[index - start]
        return found

    @property
    def last_term(self) -> int | None:
        """Term of the last entry that could be read."""
        term = None
        for _, segment, _ in self.parts():
            term = segment.terms[-1]
        return term

    def count(self) -> int:
        """How many entries could be read."""
        return sum(len(segment) for _, segment, _ in self.parts())

    def payload_bytes(self, first: int, last: int) -> int:
        """Bytes of the payloads of entries `first` to `last`."""
        return sum(
            sum(segment.sizes[max(first - start, 0) : max(last - start + 1, 0)]) for start, segment, _ in self.parts()
        )

    def changes(self) -> Iterator[tuple[Entry, Segment]]:
        """Configuration changes, in index order."""
        for start, segment, _ in self.parts():
            position = segment.types.find(EntryType.CHANGE)
            while position >= 0:
                yield segment.entry(position, start), segment
                position = segment.types.find(EntryType.CHANGE, position + 1)

    def term_bands(self) -> list[tuple[int, int, int]]:
        """(first index, last index, term) of each stretch of one term, as read."""
        bands: list[tuple[int, int, int]] = []
        for start, segment, _ in self.parts():
            for position, term in _steps(segment):
                first = start + position
                if bands and bands[-1][2] == term and bands[-1][1] + 1 == first:
                    first = bands.pop()[0]
                bands.append((first, start + _run_end(segment, position), term))
        return bands


def _steps(segment: Segment) -> Iterator[tuple[int, int]]:
    """Positions where the term changes, with the new term; position 0 included."""
    position, end = 0, len(segment)
    while position < end:
        yield position, segment.terms[position]
        position = _run_end(segment, position) + 1


def _run_end(segment: Segment, position: int) -> int:
    """Last position of the stretch of one term that starts at `position`."""
    terms, term = segment.terms, segment.terms[position]
    if terms[-1] == term and terms.count(term) == len(terms):
        return len(terms) - 1  # the common case: a segment of one term
    while position + 1 < len(terms) and terms[position + 1] == term:
        position += 1
    return position


def entry_span(segment: Segment, entry: Entry) -> Span:
    """Where an entry's payload lies."""
    return Span(segment.path, entry.offset, entry.size)
