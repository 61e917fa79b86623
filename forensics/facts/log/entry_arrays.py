"""A node's log as columns of bytes, so that two logs are compared by memory and not entry by entry.

What means the same compares equal, whatever its bytes: batches and their checksums differ between nodes and are not
here at all; a barrier's payload and the padding behind a configuration may be uninitialised memory
(docs/reference/segments.md#entry-types; docs/reference/configurations.md#encoding), so barriers compare by term alone
and changes by their decoded servers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forensics.crc import crc32
from forensics.facts.log.configuration_change import ConfigurationChange
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment
from forensics.facts.node.node import Node
from forensics.parsers.configuration import Configuration
from forensics.parsers.segment import EntryType, Segment

Part = tuple[int, Segment, ClosedSegment | OpenSegment]  # first index, entries, origin
Key = tuple[int, int, int, int]
"""Term, type, size and digest of an entry: equal keys are equal entries."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries `first` to `last` without a gap; each column holds one fixed-size item an entry."""

    first: int
    terms: array[int]
    types: bytearray
    sizes: array[int]
    digests: array[int]

    @property
    def last(self) -> int:
        """Index of the last entry."""
        return self.first + len(self.types) - 1

    @property
    def founds(self) -> bool:
        """It begins as every log does: entry 1 is the founder's configuration, of term 1.

        Source: docs/reference/raft.md#bootstrap-and-ids.
        """
        return self.first == 1 and self.types[0] == EntryType.CHANGE and self.terms[0] == 1

    def key(self, index: int) -> Key:
        """Of one entry."""
        at = index - self.first
        return self.terms[at], self.types[at], self.sizes[at], self.digests[at]

    def cut(self, first: int, count: int) -> Stretch:
        """At most so many of its entries, from that index on."""
        some = slice(first - self.first, first - self.first + count)
        return Stretch(first, self.terms[some], self.types[some], self.sizes[some], self.digests[some])


@dataclass(frozen=True, slots=True)
class EntryArrays:
    """All gapless stretches of a log, in index order. Overlapping segments start a stretch of their own."""

    stretches: tuple[Stretch, ...]

    @property
    def first(self) -> int | None:
        """The lowest index."""
        return min((stretch.first for stretch in self.stretches), default=None)

    @property
    def last(self) -> int | None:
        """The highest index."""
        return max((stretch.last for stretch in self.stretches), default=None)

    def key(self, index: int) -> Key | None:
        """Of an entry, from the last stretch that holds it."""
        return next((part.key(index) for part in reversed(self.stretches) if part.first <= index <= part.last), None)


def entry_arrays_of(node: Node) -> EntryArrays:
    """The columns of a node's log, as far as loading reads it."""
    return _arrays(node, filter(_has_indexes, node.log.parts()))


def intact_arrays_of(node: Node) -> EntryArrays:
    """The columns of all that is intact of a node's log: behind damage too, and what one known bit restores."""
    return _arrays(node, filter(_has_indexes, node.log.intact_parts()))


def _has_indexes(found: Part) -> bool:
    """Not of a segment of which it cannot be told which of its entries has which index."""
    *_, part = found
    return not isinstance(part, ClosedSegment) or part.has_indexes


def _arrays(node: Node, parts: Iterable[Part]) -> EntryArrays:
    changes = {change.index: change.configuration for change in node.changes}
    stretches: list[Stretch] = []
    for first, segment, _ in parts:
        sizes, digests = _meaning(segment, first, changes)
        if not stretches or stretches[-1].last + 1 != first:
            stretches.append(Stretch(first, array("Q"), bytearray(), array("I"), array("I")))
        into = stretches[-1]
        into.terms.extend(segment.terms)
        into.types.extend(segment.types)
        into.sizes.extend(sizes)
        into.digests.extend(digests)
    return EntryArrays(tuple(stretches))


def stretch_of(segment: Segment, changes: Iterable[ConfigurationChange] = ()) -> Stretch:
    """The columns of entries whose index is not known, from 0 on; `changes` by position."""
    sizes, digests = _meaning(segment, 0, {change.index: change.configuration for change in changes})
    return Stretch(0, segment.terms, segment.types, sizes, digests)


def _meaning(segment: Segment, first: int, changes: dict[int, Configuration]) -> tuple[array[int], array[int]]:
    """The size and digest columns with barriers and changes reduced to what they mean."""
    if segment.types.count(EntryType.COMMAND) == len(segment):
        return segment.sizes, segment.digests
    sizes, digests = array("I", segment.sizes), array("I", segment.digests)
    for position in _positions(segment, EntryType.BARRIER):
        sizes[position] = digests[position] = 0
    for position in _positions(segment, EntryType.CHANGE):
        if configuration := changes.get(first + position):
            sizes[position], digests[position] = 0, configuration_digest(configuration)
    return sizes, digests


def _positions(segment: Segment, kind: EntryType) -> Iterator[int]:
    position = segment.types.find(kind)
    while position >= 0:
        yield position
        position = segment.types.find(kind, position + 1)


def configuration_digest(configuration: Configuration) -> int:
    """A checksum of the servers, padding left out."""
    servers = sorted(
        (server.id, server.address, server.role.value if server.role else "") for server in configuration.servers
    )
    return crc32(repr(servers).encode())
