"""Each node's log on one index axis: numbers for the SVG of a cluster, from the document alone.

Handles one index or 10^9 of them, and hundreds of segments: neighbours too narrow to be told apart become one block.
Coordinates are in the units of the view box, rounded so that the same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from forensics.report.document import Cluster, Node
from forensics.report.picture_blocks import LEFT, RIGHT, Axis, Block, Placed, axis_of, blocks_of, known, span, terms

WIDTH = 1000
LANE, TOP, FOOT = 58, 8, 34
TICKS = 6


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
    axis = axis_of(cluster)
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


def _lane(node: Node, axis: Axis, number: int) -> Lane:
    segments = known(node)
    snapshot = max((snapshot.index for snapshot in node.snapshots if snapshot.valid is not False), default=0)
    blocks = blocks_of(segments, snapshot, axis)
    return Lane(
        node.name,
        _note(node),
        TOP + number * LANE,
        terms(node, axis),
        blocks,
        _snapshots(node, axis),
        _words(node, segments, blocks),
    )


def _snapshots(node: Node, axis: Axis) -> list[Mark]:
    return [
        Mark(
            "bad-snapshot" if snapshot.valid is False else "snapshot",
            axis.x(snapshot.index + 0.5),
            f"{snapshot.name}: state at index {snapshot.index}, term {snapshot.term}",
        )
        for snapshot in node.snapshots
    ]


def _marks(cluster: Cluster, axis: Axis) -> Iterator[Mark]:
    commit = cluster.commit_index.at_least if cluster.commit_index else None
    if commit is not None and axis.first <= commit <= axis.last:
        yield Mark("commit", axis.x(commit + 1), f"committed at least up to {commit}")
    for divergence in cluster.divergences:
        if axis.first <= divergence.index <= axis.last:
            yield Mark("divergence", axis.x(divergence.index), f"nodes disagree from index {divergence.index} on")


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    """Round numbers inside the axis, at most TICKS of them; always the first and the last index."""
    length = axis.last - axis.first
    step = next(
        unit * factor
        for unit in (10**power for power in range(21))
        for factor in (1, 2, 5)
        if length // (unit * factor) < TICKS
    )
    inner = range((axis.first // step + 1) * step, axis.last, step)
    room = (RIGHT - LEFT) / 10
    ticks = [(axis.x(axis.first + 0.5), str(axis.first))]
    ticks += [
        (axis.x(index + 0.5), str(index))
        for index in inner
        if axis.x(index) - LEFT > room and RIGHT - axis.x(index) > room
    ]
    if length:
        ticks.append((axis.x(axis.last + 0.5), str(axis.last)))
    return ticks


def _note(node: Node) -> str:
    log = node.log
    return f"{log.first_index}-{log.last_index}" if log else node.evidence


def _words(node: Node, segments: Sequence[Placed], blocks: list[Block]) -> str:
    """What the lane shows, in words."""
    log = node.log
    parts = [f"log {span(log.first_index, log.last_index)} in {_count(len(segments), 'segment')}" if log else "no log"]
    parts += [f"snapshot at {snapshot.index}" for snapshot in node.snapshots]
    parts += [block.title for block in blocks if block.kind in ("gap", "damage")]
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
