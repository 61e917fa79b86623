"""Stretches of a log on the index axis of a cluster: segments, gaps, damage, bands of one term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.report.document import Band, Cluster, Node, Segment, TermRange
from forensics.report.picture_links import Links

PLOT = 100.0  # all widths are per cent of the plot's
NARROW = 0.15  # blocks below this width merge with their neighbours: a fourth of what an eye tells apart before a zoom
CROWD = 8  # of more nodes than that, nobody looks for single segments
NARROW_IN_A_CROWD = 0.6
VISIBLE = 0.25  # nothing is drawn narrower
DAMAGE_VISIBLE = 0.6
TERM_LABEL = 6  # a band narrower than this carries no text


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the axis: segments, a gap, damage, or a band of one term.

    Attributes:
        kind: `closed`, `open`, `named` (known by name only), `gap`, `old-gap` (below the snapshot: normal), `damage`.
        title: for people who hover, and for screen readers.
        to: what a click leads to: the ID of a finding or a part of the page; empty where nothing tells more of it.
    """

    kind: str
    first: int
    last: int
    x: float
    width: float
    title: str
    count: int = 1
    label: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """The indexes of a cluster, and where each of them stands."""

    first: int
    last: int
    narrow: float = NARROW

    def x(self, index: float) -> float:
        """Where an index begins."""
        return round((index - self.first) / (self.last - self.first + 1) * PLOT, 2)

    def mark(self, kind: str, index: int, title: str, to: str = "") -> Block:
        """One index, in its middle."""
        return Block(kind, index, index, self.x(index + 0.5), 0, title, to=to)

    def is_narrow(self, first: int, last: int) -> bool:
        """Whether the stretch is too narrow to be told apart from its neighbours."""
        return (last - first + 1) / (self.last - self.first + 1) * PLOT < self.narrow

    def holds(self, index: int) -> bool:
        """Whether the index has a place."""
        return self.first <= index <= self.last

    def block(self, kind: str, first: int, last: int, title: str) -> Block:
        """Indexes first to last, wide enough to be seen, inside the plot."""
        width = max(round(self.x(last + 1) - self.x(first), 2), VISIBLE)
        return Block(kind, first, last, round(min(self.x(first), PLOT - width), 2), width, title)


def axis_of(cluster: Cluster) -> Axis | None:
    """From the first index that any node tells of to the last; None where none does."""
    indexes: list[int] = []
    for node in cluster.nodes:
        indexes += [snapshot.index for snapshot in node.snapshots]
        for segment in node.log.segments if node.log else ():
            indexes += [index for index in (segment.first_index, segment.last_index) if index is not None]
        if node.log:
            indexes += [node.log.first_index, node.log.last_index]
    narrow = NARROW if len(cluster.nodes) <= CROWD else NARROW_IN_A_CROWD
    return Axis(min(indexes), max(indexes), narrow) if indexes else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment whose place on the axis is known.

    Attributes:
        first: its first index.
        end: the last index that it holds or claims to hold; first - 1 where it holds none.
        read_end: the last index that could be read; where only the name is known, the last that it claims.
    """

    segment: Segment
    first: int
    end: int
    read_end: int


def known(node: Node) -> list[Placed]:
    """In index order."""
    segments = node.log.segments if node.log else ()
    placed = [_placed(segment, segment.first_index) for segment in segments if segment.first_index is not None]
    return sorted(placed, key=lambda part: (part.first, part.end))


def _placed(segment: Segment, first: int) -> Placed:
    end = first - 1 if segment.last_index is None else segment.last_index
    return Placed(segment, first, end, end if segment.entries is None else first + segment.entries - 1)


def blocks_of(segments: Sequence[Placed], snapshot: int, axis: Axis, links: Links) -> list[Block]:
    """What holds entries, what is missing, what cannot be read.

    Args:
        segments: in index order.
        snapshot: the last index that a usable snapshot covers; 0 where there is none.
        axis: to place them on.
        links: of their node.
    """
    found = [*_merged(_segment_blocks(segments, axis, links), axis), *_gaps(segments, snapshot, axis, links)]
    return [*found, *_damage(segments, axis, links)]


def _segment_blocks(segments: Iterable[Placed], axis: Axis, links: Links) -> Iterator[Block]:
    for part in segments:
        if part.read_end >= part.first:
            kind = "named" if part.segment.entries is None else part.segment.kind.value
            title = f"{part.segment.name}: {span(part.first, part.read_end)}"
            to = "" if part.segment.damaged else links.of_file(part.segment.path)
            yield replace(axis.block(kind, part.first, part.read_end, title), to=to)


def _merged(blocks: Iterable[Block], axis: Axis) -> Iterator[Block]:
    """Neighbours of one kind become one block, while both are too narrow to be told apart and none leads anywhere."""
    held: Block | None = None
    was_narrow = False
    for block in blocks:
        narrow = axis.is_narrow(block.first, block.last)
        if held is not None and narrow and was_narrow and _joins(held, block):
            count = held.count + 1
            title = f"{count} {held.kind} segments: {span(held.first, block.last)}"
            width = round(block.x + block.width - held.x, 2)
            held = replace(held, last=block.last, width=width, count=count, title=title)
            continue
        if held is not None:
            yield held
        held, was_narrow = block, narrow
    if held is not None:
        yield held


def _joins(one: Block, other: Block) -> bool:
    return one.kind == other.kind and one.last + 1 == other.first and one.to == other.to


def _gaps(segments: Iterable[Placed], snapshot: int, axis: Axis, links: Links) -> Iterator[Block]:
    reached: int | None = None
    for part in segments:
        if reached is not None and part.first > reached + 1:
            first, last = reached + 1, part.first - 1
            covered = last <= snapshot
            title = f"no segment holds {span(first, last)}{' (the snapshot covers it)' if covered else ''}"
            block = axis.block("old-gap" if covered else "gap", first, last, title)
            yield replace(block, to=links.of_indexes(first, last))
        reached = max(part.end, reached or 0)


def _damage(segments: Iterable[Placed], axis: Axis, links: Links) -> Iterator[Block]:
    for part in segments:
        segment = part.segment
        if not segment.damaged:
            continue
        start = part.read_end + 1
        title = f"{segment.name}: unreadable from byte {segment.stop_offset} ({segment.stop})"
        block = axis.block("damage", start, max(part.end, start), title)
        width = max(block.width, DAMAGE_VISIBLE)
        yield replace(block, width=width, x=round(min(block.x, PLOT - width), 2), to=links.of_file(segment.path))


def terms_of(ranges: Iterable[tuple[Band | TermRange, str]], axis: Axis, to: str = "") -> list[Block]:
    """Bands of one term, each with the name of its leader or nothing; too narrow neighbours become one."""
    bands: list[Block] = []
    for band, leader in ranges:
        first, last = band.first_index, band.last_index
        name = f"term {band.term}{f', {leader}' if leader else ''}"
        block = replace(axis.block("term-a", first, last, f"{name}: {span(first, last)}"), to=to)
        previous = bands[-1] if bands else None
        narrow = previous and axis.is_narrow(previous.first, previous.last) and axis.is_narrow(first, last)
        if previous and narrow and previous.last + 1 == first:
            bands[-1] = replace(
                previous, last=last, width=round(block.x + block.width - previous.x, 2), kind="term-many", label="",
                count=previous.count + 1, title=f"{previous.count + 1} terms: {span(previous.first, last)}",
            )  # fmt: skip
            continue
        label = name if block.width >= TERM_LABEL else ""
        bands.append(replace(block, kind=f"term-{'ab'[len(bands) % 2]}", label=label))
    return bands


def span(first: int, last: int) -> str:
    """`index 5`, `indexes 5 to 9`."""
    return f"index {first}" if first == last else f"indexes {first} to {last}"
