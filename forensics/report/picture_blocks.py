"""Stretches of a log on the index axis of a cluster: segments, gaps, damage, bands of one term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.report.document import Cluster, Node, Segment

LEFT, RIGHT = 168, 984  # of the plot; names stand to the left
NARROW = 5.0  # blocks below this width merge with their neighbours
VISIBLE = 2.0  # nothing is drawn narrower
TERM_LABEL = 44  # a band narrower than this carries no text


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the axis: segments, a gap, damage, or a band of one term.

    Attributes:
        kind: `closed`, `open`, `named` (known by name only), `gap`, `old-gap` (below the snapshot: normal), `damage`.
        title: for people who hover, and for screen readers.
    """

    kind: str
    first: int
    last: int
    x: float
    width: float
    title: str
    count: int = 1
    label: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """The indexes of a cluster, and where each of them stands."""

    first: int
    last: int

    def x(self, index: float) -> float:
        """Where an index begins."""
        return round(LEFT + (index - self.first) / (self.last - self.first + 1) * (RIGHT - LEFT), 1)

    def block(self, kind: str, first: int, last: int, title: str) -> Block:
        """Indexes first to last, wide enough to be seen, inside the plot."""
        width = max(round(self.x(last + 1) - self.x(first), 1), VISIBLE)
        return Block(kind, first, last, round(min(self.x(first), RIGHT - width), 1), width, title)


def axis_of(cluster: Cluster) -> Axis | None:
    """From the first index that any node tells of to the last; None where none does."""
    indexes: list[int] = []
    for node in cluster.nodes:
        indexes += [snapshot.index for snapshot in node.snapshots]
        for segment in node.log.segments if node.log else ():
            indexes += [index for index in (segment.first_index, segment.last_index) if index is not None]
        if node.log:
            indexes += [node.log.first_index, node.log.last_index]
    return Axis(min(indexes), max(indexes)) if indexes else None


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


def blocks_of(segments: Sequence[Placed], snapshot: int, axis: Axis) -> list[Block]:
    """What holds entries, what is missing, what cannot be read.

    Args:
        segments: in index order.
        snapshot: the last index that a usable snapshot covers; 0 where there is none.
        axis: to place them on.
    """
    return [*_merged(_segment_blocks(segments, axis)), *_gaps(segments, snapshot, axis), *_damage(segments, axis)]


def _segment_blocks(segments: Iterable[Placed], axis: Axis) -> Iterator[Block]:
    for part in segments:
        if part.read_end >= part.first:
            kind = "named" if part.segment.entries is None else part.segment.kind.value
            title = f"{part.segment.name}: {span(part.first, part.read_end)}"
            yield axis.block(kind, part.first, part.read_end, title)


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Neighbours of one kind become one block, while both are too narrow to be told apart."""
    held: Block | None = None
    for block in blocks:
        joins = held is not None and held.kind == block.kind and held.last + 1 == block.first
        if held is not None and joins and max(held.width / held.count, block.width) < NARROW:
            count = held.count + 1
            title = f"{count} {held.kind} segments: {span(held.first, block.last)}"
            width = round(block.x + block.width - held.x, 1)
            held = replace(held, last=block.last, width=width, count=count, title=title)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _gaps(segments: Iterable[Placed], snapshot: int, axis: Axis) -> Iterator[Block]:
    reached: int | None = None
    for part in segments:
        if reached is not None and part.first > reached + 1:
            missing = span(reached + 1, part.first - 1)
            if part.first - 1 <= snapshot:
                title = f"no segment holds {missing} (the snapshot covers it)"
                yield axis.block("old-gap", reached + 1, part.first - 1, title)
            else:
                yield axis.block("gap", reached + 1, part.first - 1, f"no segment holds {missing}")
        reached = max(part.end, reached or 0)


def _damage(segments: Iterable[Placed], axis: Axis) -> Iterator[Block]:
    for part in segments:
        segment = part.segment
        if not segment.damaged:
            continue
        start = part.read_end + 1
        title = f"{segment.name}: unreadable from byte {segment.stop_offset} ({segment.stop})"
        block = axis.block("damage", start, max(part.end, start), title)
        width = max(block.width, NARROW)
        yield replace(block, width=width, x=round(min(block.x, RIGHT - width), 1))


def terms(node: Node, axis: Axis) -> list[Block]:
    """Bands of one term; neighbours too narrow to be told apart are one."""
    bands: list[Block] = []
    for band in node.log.terms if node.log else ():
        first, last, term = band.first_index, band.last_index, band.term
        block = axis.block("term-a", first, last, f"term {term}: {span(first, last)}")
        previous = bands[-1] if bands else None
        if previous and previous.width < NARROW and block.width < NARROW and previous.last + 1 == first:
            bands[-1] = replace(
                previous, last=last, width=round(block.x + block.width - previous.x, 1), kind="term-many", label="",
                count=previous.count + 1, title=f"{previous.count + 1} terms: {span(previous.first, last)}",
            )  # fmt: skip
            continue
        label = f"term {term}" if block.width >= TERM_LABEL else ""
        bands.append(replace(block, kind=f"term-{'ab'[len(bands) % 2]}", label=label))
    return bands


def span(first: int, last: int) -> str:
    """`index 5`, `indexes 5 to 9`."""
    return f"index {first}" if first == last else f"indexes {first} to {last}"
