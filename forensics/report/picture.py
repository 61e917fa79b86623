"""Each node's log on one index axis: numbers for the SVG of a cluster, from the document alone.

Handles one index or 10^9 of them, and hundreds of segments: neighbours too narrow to be told apart become one block.
Coordinates are in the units of the view box, rounded so that the same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from forensics.report.document import Cluster, Node, Segment

WIDTH = 1000
LEFT, RIGHT = 168, 984  # of the plot; names stand to the left
LANE, TOP, FOOT = 58, 8, 34
NARROW = 5.0  # blocks below this width merge with their neighbours
VISIBLE = 2.0  # nothing is drawn narrower
TERM_LABEL = 44  # a band narrower than this carries no text
TICKS = 6


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
class Mark:
    """One index: a snapshot, a divergence, the commit index."""

    kind: str
    x: float
    title: str


@dataclass(slots=True)
class Lane:
    """One node."""

    name: str
    note: str
    y: int
    terms: list[Block] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    snapshots: list[Mark] = field(default_factory=list)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that templates/parts/picture.html.j2 draws."""

    width: int
    height: int
    lanes: list[Lane]
    ticks: list[tuple[float, str]]
    marks: list[Mark]
    kinds: list[str]  # what the legend must explain
    words: str


def picture_of(cluster: Cluster) -> Picture | None:
    """The picture of one cluster; None where no node tells of any index."""
    axis = _axis(cluster)
    if axis is None:
        return None
    lanes = [_lane(node, axis, number) for number, node in enumerate(cluster.nodes)]
    for number, member in enumerate(cluster.absent, len(lanes)):
        lanes.append(Lane(member.address or f"id {member.id}", "no evidence", TOP + number * LANE, words="no evidence"))
    marks = list(_marks(cluster, axis))
    kinds = {block.kind for lane in lanes for block in lane.blocks} | {mark.kind for mark in marks}
    kinds |= {mark.kind for lane in lanes for mark in lane.snapshots}
    return Picture(
        WIDTH,
        TOP + LANE * len(lanes) + FOOT,
        lanes,
        _ticks(axis),
        marks,
        sorted(kinds, key=_ORDER.index),
        "; ".join(f"{lane.name}: {lane.words}" for lane in lanes),
    )


_ORDER = ["closed", "open", "named", "snapshot", "bad-snapshot", "gap", "old-gap", "damage", "commit", "divergence"]


@dataclass(frozen=True, slots=True)
class _Axis:
    first: int
    last: int

    def x(self, index: float) -> float:
        """Where an index begins."""
        return round(LEFT + (index - self.first) / (self.last - self.first + 1) * (RIGHT - LEFT), 1)

    def block(self, kind: str, first: int, last: int, title: str) -> Block:
        """Indexes first to last, wide enough to be seen, inside the plot."""
        width = max(round(self.x(last + 1) - self.x(first), 1), VISIBLE)
        return Block(kind, first, last, round(min(self.x(first), RIGHT - width), 1), width, title)


def _axis(cluster: Cluster) -> _Axis | None:
    indexes: list[int] = []
    for node in cluster.nodes:
        indexes += [snapshot.index for snapshot in node.snapshots]
        for segment in node.log.segments if node.log else ():
            indexes += [index for index in (segment.first_index, segment.last_index) if index is not None]
        if node.log:
            indexes += [node.log.first_index, node.log.last_index]
    return _Axis(min(indexes), max(indexes)) if indexes else None


def _lane(node: Node, axis: _Axis, number: int) -> Lane:
    segments = _known(node)
    snapshot = max((snapshot.index for snapshot in node.snapshots if snapshot.valid is not False), default=0)
    blocks = [*_merged(_segment_blocks(segments, axis)), *_gaps(segments, snapshot, axis), *_damage(segments, axis)]
    return Lane(
        node.name,
        _note(node),
        TOP + number * LANE,
        _terms(node, axis),
        blocks,
        _snapshots(node, axis),
        _words(node, segments, blocks),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
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


def _known(node: Node) -> list[_Placed]:
    """In index order."""
    segments = node.log.segments if node.log else ()
    placed = [_placed(segment, segment.first_index) for segment in segments if segment.first_index is not None]
    return sorted(placed, key=lambda part: (part.first, part.end))


def _placed(segment: Segment, first: int) -> _Placed:
    end = first - 1 if segment.last_index is None else segment.last_index
    return _Placed(segment, first, end, end if segment.entries is None else first + segment.entries - 1)


def _segment_blocks(segments: Iterable[_Placed], axis: _Axis) -> Iterator[Block]:
    for part in segments:
        if part.read_end >= part.first:
            kind = "named" if part.segment.entries is None else part.segment.kind.value
            title = f"{part.segment.name}: {_range(part.first, part.read_end)}"
            yield axis.block(kind, part.first, part.read_end, title)


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Neighbours of one kind become one block, while both are too narrow to be told apart."""
    held: Block | None = None
    for block in blocks:
        joins = held is not None and held.kind == block.kind and held.last + 1 == block.first
        if held is not None and joins and max(held.width / held.count, block.width) < NARROW:
            count = held.count + 1
            title = f"{count} {held.kind} segments: {_range(held.first, block.last)}"
            width = round(block.x + block.width - held.x, 1)
            held = replace(held, last=block.last, width=width, count=count, title=title)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _gaps(segments: Iterable[_Placed], snapshot: int, axis: _Axis) -> Iterator[Block]:
    reached: int | None = None
    for part in segments:
        if reached is not None and part.first > reached + 1:
            missing = _range(reached + 1, part.first - 1)
            if part.first - 1 <= snapshot:
                title = f"no segment holds {missing} (the snapshot covers it)"
                yield axis.block("old-gap", reached + 1, part.first - 1, title)
            else:
                yield axis.block("gap", reached + 1, part.first - 1, f"no segment holds {missing}")
        reached = max(part.end, reached or 0)


def _damage(segments: Iterable[_Placed], axis: _Axis) -> Iterator[Block]:
    for part in segments:
        segment = part.segment
        if not segment.damaged:
            continue
        start = part.read_end + 1
        title = f"{segment.name}: unreadable from byte {segment.stop_offset} ({segment.stop})"
        block = axis.block("damage", start, max(part.end, start), title)
        width = max(block.width, NARROW)
        yield replace(block, width=width, x=round(min(block.x, RIGHT - width), 1))


def _terms(node: Node, axis: _Axis) -> list[Block]:
    bands: list[Block] = []
    for band in node.log.terms if node.log else ():
        first, last, term = band.first_index, band.last_index, band.term
        block = axis.block("term-a", first, last, f"term {term}: {_range(first, last)}")
        previous = bands[-1] if bands else None
        if previous and previous.width < NARROW and block.width < NARROW and previous.last + 1 == first:
            bands[-1] = replace(
                previous, last=last, width=round(block.x + block.width - previous.x, 1), kind="term-many", label="",
                count=previous.count + 1, title=f"{previous.count + 1} terms: {_range(previous.first, last)}",
            )  # fmt: skip
            continue
        label = f"term {term}" if block.width >= TERM_LABEL else ""
        bands.append(replace(block, kind=f"term-{'ab'[len(bands) % 2]}", label=label))
    return bands


def _snapshots(node: Node, axis: _Axis) -> list[Mark]:
    return [
        Mark(
            "bad-snapshot" if snapshot.valid is False else "snapshot",
            axis.x(snapshot.index + 0.5),
            f"{snapshot.name}: state at index {snapshot.index}, term {snapshot.term}",
        )
        for snapshot in node.snapshots
    ]


def _marks(cluster: Cluster, axis: _Axis) -> Iterator[Mark]:
    commit = cluster.commit_index.at_least if cluster.commit_index else None
    if commit is not None and axis.first <= commit <= axis.last:
        yield Mark("commit", axis.x(commit + 1), f"committed at least up to {commit}")
    for divergence in cluster.divergences:
        if axis.first <= divergence.index <= axis.last:
            yield Mark("divergence", axis.x(divergence.index), f"nodes disagree from index {divergence.index} on")


def _ticks(axis: _Axis) -> list[tuple[float, str]]:
    """Round numbers inside the axis, at most TICKS of them; always the first and the last index."""
    span = axis.last - axis.first
    step = next(
        unit * factor
        for unit in (10**power for power in range(21))
        for factor in (1, 2, 5)
        if span // (unit * factor) < TICKS
    )
    inner = range((axis.first // step + 1) * step, axis.last, step)
    room = (RIGHT - LEFT) / 10
    ticks = [(axis.x(axis.first + 0.5), str(axis.first))]
    ticks += [
        (axis.x(index + 0.5), str(index))
        for index in inner
        if axis.x(index) - LEFT > room and RIGHT - axis.x(index) > room
    ]
    if span:
        ticks.append((axis.x(axis.last + 0.5), str(axis.last)))
    return ticks


def _note(node: Node) -> str:
    log = node.log
    return f"{log.first_index}-{log.last_index}" if log else node.evidence


def _words(node: Node, segments: Sequence[_Placed], blocks: list[Block]) -> str:
    """What the lane shows, in words."""
    log = node.log
    parts = [
        f"log {_range(log.first_index, log.last_index)} in {_count(len(segments), 'segment')}" if log else "no log"
    ]
    parts += [f"snapshot at {snapshot.index}" for snapshot in node.snapshots]
    parts += [block.title for block in blocks if block.kind in ("gap", "damage")]
    return ", ".join(parts)


def _range(first: int, last: int) -> str:
    return f"index {first}" if first == last else f"indexes {first} to {last}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
