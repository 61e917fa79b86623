"""Each node's log on one index axis: numbers for the SVG of a cluster, from the document alone.

Handles one index or 10^9 of them, and hundreds of segments: neighbours too narrow to be told apart become one block.
Places are per cent of the plot, rounded so that the same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from forensics.report.document import Cluster, Finding, Node, TermRange
from forensics.report.picture_blocks import CROWD, PLOT, Axis, Block, Placed, axis_of, blocks_of, known, span, terms_of
from forensics.report.picture_links import Links, links_of
from forensics.wording import count

TICKS = 6


@dataclass(frozen=True, slots=True)
class Lane:
    """One node, or what the nodes of a cluster have in common.

    Attributes:
        terms: bands of one term.
        blocks: stretches: segments, gaps, damage, restarts.
        marks: single indexes.
    """

    name: str
    note: str
    terms: list[Block] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    marks: list[Block] = field(default_factory=list)
    words: str = ""

    @property
    def told(self) -> Iterator[Block]:
        """What the table tells beside `words`: everything but sound segments of which no finding speaks."""
        yield from self.terms
        yield from (block for block in self.blocks if block.to or block.kind not in SEGMENTS)
        yield from self.marks


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that templates/parts/picture.html.j2 draws.

    Attributes:
        unit: `index`, or `time` in seconds since 1970.
        whole: the leaders of the terms, changes of the membership, what is committed, where the nodes disagree.
        lanes: the nodes; of a crowd, those of which something is to be seen.
        others: the rest of the crowd.
        kinds: what the legend must explain.
    """

    unit: str
    axis: Axis
    whole: Lane
    lanes: list[Lane]
    others: list[Lane]
    ticks: list[tuple[float, str]]
    kinds: list[str]


SEGMENTS = ("closed", "open", "named")
_ORDER = [
    *SEGMENTS, "snapshot", "bad-snapshot", "gap", "old-gap", "damage", "restarts", "membership", "commit", "divergence",
    "file", "boot",
]  # fmt: skip
_BAD = {"gap", "damage", "bad-snapshot", "restarts"}


def picture_of(cluster: Cluster, findings: Sequence[Finding] = (), number: int = 1) -> Picture | None:
    """The picture of one cluster; None where no node tells of any index.

    Args:
        cluster: of the report.
        findings: of the report, all of them: a mark leads to its finding.
        number: of the cluster, from 1: a mark without a finding leads to a part of the page.
    """
    axis = axis_of(cluster)
    if axis is None:
        return None
    lanes = [_lane(cluster, node, axis, links_of(findings, cluster.database, node.name)) for node in cluster.nodes]
    lanes += [
        Lane(member.address or f"id {member.id}", "no evidence", words="no evidence") for member in cluster.absent
    ]
    whole = _whole(cluster, axis, links_of(findings, cluster.database), number)
    return Picture("index", axis, whole, *_crowd(lanes), _ticks(axis), kinds_of(whole, *lanes))


def kinds_of(*lanes: Lane) -> list[str]:
    """The kinds of what is drawn, in the order of the legend."""
    kinds = {block.kind for lane in lanes for block in (*lane.blocks, *lane.marks)}
    return sorted(kinds, key=_ORDER.index)


def _crowd(lanes: list[Lane]) -> tuple[list[Lane], list[Lane]]:
    if len(lanes) <= CROWD:
        return lanes, []
    seen = [lane for lane in lanes if any(block.kind in _BAD for block in (*lane.blocks, *lane.marks))][:CROWD]
    return seen, [lane for lane in lanes if lane not in seen]


def _lane(cluster: Cluster, node: Node, axis: Axis, links: Links) -> Lane:
    segments = known(node)
    snapshot = max((snapshot.index for snapshot in node.snapshots if snapshot.valid is not False), default=0)
    return Lane(
        node.name,
        _note(node),
        terms_of(((band, "") for band in node.log.terms) if node.log else (), axis),
        [*blocks_of(segments, snapshot, axis, links), *_restarts(cluster, node, axis, links)],
        _snapshots(node, axis, links),
        _words(node, segments),
    )


def _snapshots(node: Node, axis: Axis, links: Links) -> list[Block]:
    paths = {file.name: file.path for file in node.files}
    return [
        axis.mark(
            "bad-snapshot" if snapshot.valid is False else "snapshot",
            snapshot.index,
            f"{snapshot.name}: state at index {snapshot.index}, term {snapshot.term}",
            links.of_file(paths.get(snapshot.name)),
        )
        for snapshot in node.snapshots
    ]


def _restarts(cluster: Cluster, node: Node, axis: Axis, links: Links) -> Iterator[Block]:
    files = {part.first: part.segment.path for part in known(node)}
    for run in cluster.timeline.restarts if cluster.timeline else ():
        if run.node == node.name:
            title = f"restarted again and again: {count(run.segments, 'segment')} of one entry each"
            block = axis.block("restarts", run.first_index, run.last_index, title)
            yield replace(block, to=links.of_file(files.get(run.first_index)))


def _whole(cluster: Cluster, axis: Axis, links: Links, number: int) -> Lane:
    ranges = cluster.timeline.terms if cluster.timeline else ()
    terms = terms_of(((band, _leader(cluster, band)) for band in ranges), axis, f"history-{number}")
    marks = [*_membership(cluster, axis, number), *_marks(cluster, axis, links, number)]
    return Lane("all nodes", "", terms, [], marks)


def _leader(cluster: Cluster, band: TermRange) -> str:
    """Its name, or its ID where nobody tells the name."""
    return next((node.name for node in cluster.nodes if node.id == band.leader), band.leader or "")


def _membership(cluster: Cluster, axis: Axis, number: int) -> Iterator[Block]:
    for change in cluster.membership:
        if axis.holds(change.index):
            words = change.change or "a configuration"
            yield axis.mark("membership", change.index, f"index {change.index}: {words}", f"membership-{number}")


def _marks(cluster: Cluster, axis: Axis, links: Links, number: int) -> Iterator[Block]:
    commit = cluster.commit_index.at_least if cluster.commit_index else None
    if commit is not None and axis.holds(commit):
        yield axis.mark("commit", commit, f"committed at least up to {commit}", f"recovery-{number}")
    for divergence in cluster.divergences:
        if axis.holds(divergence.index):
            title = f"nodes disagree from index {divergence.index} on"
            to = links.of_indexes(divergence.index) or f"divergences-{number}"
            yield axis.mark("divergence", divergence.index, title, to)


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
    room = PLOT / 10
    ticks = [(axis.x(axis.first + 0.5), str(axis.first))]
    ticks += [(axis.x(index + 0.5), str(index)) for index in inner if room < axis.x(index) < PLOT - room]
    if length:
        ticks.append((axis.x(axis.last + 0.5), str(axis.last)))
    return ticks


def _note(node: Node) -> str:
    log = node.log
    return f"{log.first_index}–{log.last_index}" if log else node.evidence


def _words(node: Node, segments: Sequence[Placed]) -> str:
    """The log as a whole, in words."""
    log = node.log
    return f"log {span(log.first_index, log.last_index)} in {count(len(segments), 'segment')}" if log else "no log"
