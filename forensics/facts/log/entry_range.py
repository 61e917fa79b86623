"""What a stretch of one node's log holds: how many entries of which type, and what its commands write."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Side
from forensics.facts.log.raft_log import entry_span
from forensics.facts.log.range_writes import RangeWrites, range_writes
from forensics.facts.node.node import Node
from forensics.limits import COMMANDS_SAMPLED
from forensics.parsers.command import Frames, parse_command
from forensics.parsers.segment import EntryType


@dataclass(frozen=True, slots=True)
class PagesWritten:
    """How many pages of a database were written."""

    database: str
    pages: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries without a gap."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class EntryRange:
    """Entries `first` to `last` of a node. Where segments overlap, an index is counted once, as it is read first.

    Attributes:
        stretches: where some between are not there, what is; else empty.
        commands, barriers, changes: how many of each.
        pages: by database; of the first COMMANDS_SAMPLED commands.
        sampled: there were more commands than were looked at.
    """

    first: int
    last: int
    commands: int = 0
    barriers: int = 0
    changes: int = 0
    pages: tuple[PagesWritten, ...] = ()
    sampled: bool = False
    stretches: tuple[Stretch, ...] = ()

    @property
    def entries(self) -> int:
        """How many entries could be read."""
        return self.commands + self.barriers + self.changes


@dataclass(frozen=True, slots=True)
class Held:
    """What a stretch of a node's log holds, and what it wrote."""

    range: EntryRange
    writes: RangeWrites


def held(node: Node, first: int, last: int | None = None, *, deep: bool = False) -> Held:
    """What a node's log holds from `first` on. For `deep` see range_writes."""
    return Held(entry_range(node, first, last), range_writes(node, first, last, deep=deep))


def entry_range(node: Node, first: int, last: int | None = None) -> EntryRange:
    """What a node's log holds from `first` on, by types of entries."""
    blobs = node.log.blobs()
    counts, pages = Counter[int](), Counter[str]()
    stretches: list[Stretch] = []
    for entry, segment in node.log.entries(first, last):
        if not _extend(stretches, entry.index):
            continue
        counts[entry.type] += 1
        if entry.type == EntryType.COMMAND and counts[entry.type] <= COMMANDS_SAMPLED:
            at = entry_span(segment, entry)
            command = parse_command(blobs[segment.path].read(at.offset, at.length), at).value
            if isinstance(command, Frames):
                pages[command.name] += len(command.numbers)
    barriers, changes = counts[EntryType.BARRIER], counts[EntryType.CHANGE]
    commands = counts.total() - barriers - changes
    written = tuple(PagesWritten(name, number) for name, number in sorted(pages.items()))
    end = stretches[-1].last if stretches else first - 1
    whole = len(stretches) == 1 and stretches[0].first == first
    return EntryRange(
        first, end, commands, barriers, changes, written, commands > COMMANDS_SAMPLED, () if whole else tuple(stretches)
    )


def _extend(stretches: list[Stretch], index: int) -> bool:
    """With this entry behind the others; false where an entry was there already."""
    if stretches and index <= stretches[-1].last:
        return False
    joins = bool(stretches) and index == stretches[-1].last + 1
    stretches.append(Stretch(stretches.pop().first if joins else index, index))
    return True


def entry_at(node: Node, index: int) -> Span | None:
    """Where the payload of an entry lies; None where the log does not hold it."""
    return next((entry_span(segment, entry) for entry, segment in node.log.entries(index, index)), None)


def longest(cluster: Cluster, side: Side) -> Node:
    """The node of one side of a divergence whose log goes furthest."""
    return max((cluster.node(name) for name in side.nodes), key=lambda node: node.last_index or 0)


def side_holds(cluster: Cluster, side: Side, index: int) -> Held:
    """What one side of a divergence holds from `index` on."""
    return held(longest(cluster, side), index)
