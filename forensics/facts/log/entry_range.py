"""What a stretch of one node's log holds: how many entries of which type, and what its commands write."""

from __future__ import annotations

from dataclasses import dataclass, field

from forensics.evidence import Span
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_matching import Side
from forensics.facts.log.raft_log import entry_span
from forensics.facts.log.range_writes import range_writes
from forensics.facts.node.node import Node
from forensics.limits import COMMANDS_SAMPLED
from forensics.parsers.command import Frames, parse_command
from forensics.parsers.segment import EntryType

_KEYS = 5  # named in a sentence; the document has more


@dataclass(slots=True)
class EntryRange:
    """Entries `first` to `last` of a node.

    Attributes:
        commands, barriers, changes: how many of each.
        pages: pages range_writes, by database; of the first COMMANDS_SAMPLED commands.
        sampled: there were more commands than were looked at.
    """

    first: int
    last: int
    commands: int = 0
    barriers: int = 0
    changes: int = 0
    pages: dict[str, int] = field(default_factory=dict)
    sampled: bool = False

    @property
    def entries(self) -> int:
        """How many entries could be read."""
        return self.commands + self.barriers + self.changes

    def __str__(self) -> str:
        """In words: what would be lost with it."""
        count = f"{self.entries} entr{'y' if self.entries == 1 else 'ies'}"
        span = f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"
        parts = [f"{pages} page{'s' * (pages != 1)} of {name}" for name, pages in sorted(self.pages.items())]
        if self.barriers == self.entries:
            parts = ["barriers only, no data"]
        if self.changes:
            parts.append(f"{self.changes} change{'s' * (self.changes != 1)} of the members")
        return f"{count} ({span}" + (f"; {', '.join(parts)}" if parts else "") + ")"


def entry_range(node: Node, first: int, last: int | None = None) -> EntryRange:
    """What a node's log holds from `first` on."""
    blobs = node.log.blobs()
    tail = EntryRange(first, first - 1)
    for entry, segment in node.log.entries(first, last):
        tail.last = max(tail.last, entry.index)
        if entry.type == EntryType.BARRIER:
            tail.barriers += 1
        elif entry.type == EntryType.CHANGE:
            tail.changes += 1
        else:
            tail.commands += 1
            if tail.commands > COMMANDS_SAMPLED:
                tail.sampled = True
                continue
            at = entry_span(segment, entry)
            command = parse_command(blobs[segment.path].read(at.offset, at.length), at).value
            if isinstance(command, Frames):
                tail.pages[command.name] = tail.pages.get(command.name, 0) + len(command.numbers)
    return tail


def entry_at(node: Node, index: int) -> Span | None:
    """Where the payload of an entry lies; None where the log does not hold it."""
    return next((entry_span(segment, entry) for entry, segment in node.log.entries(index, index)), None)


def longest(cluster: Cluster, side: Side) -> Node:
    """The node of one side of a divergence whose log goes furthest."""
    return max((cluster.node(name) for name in side.nodes), key=lambda node: node.last_index or 0)


def holds(cluster: Cluster, side: Side, index: int) -> str:
    """What one side of a divergence holds from `index` on, in words."""
    node = longest(cluster, side)
    return f"{entry_range(node, index)}: {range_writes(node, index).words(_KEYS)}"
