"""Segments that hold, entry for entry, what another one of the same node holds: somebody copied a file.

A leader writes an entry once. An open segment has whatever indexes come next, so its copy counts the same entries
again; of two closed ones either name may be the wrong one.
"""

from __future__ import annotations

from collections import defaultdict

from forensics.facts.log.raft_log import ClosedSegment, OpenSegment
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType, Segment

_COMMANDS = 8  # so many different ones, in the same order from a segment's beginning to its end, are no accident


def repeated(node: Node) -> frozenset[str]:
    """Names of those whose indexes nothing on the node tells: open copies, and closed segments that are equal."""
    same: dict[tuple[bytes, ...], list[ClosedSegment | OpenSegment]] = defaultdict(list)
    parts: list[ClosedSegment | OpenSegment] = [*node.log.closed, *node.log.open]
    for part in parts:
        if part.segment is not None and _is_telling(part.segment):
            same[_key(part.segment)].append(part)
    return frozenset(part.file.name for parts in same.values() for part in _doubtful(parts))


def _doubtful(parts: list[ClosedSegment | OpenSegment]) -> list[ClosedSegment | OpenSegment]:
    closed = [part for part in parts if isinstance(part, ClosedSegment)]
    return parts if len(closed) > 1 else parts[1:]


def _is_telling(segment: Segment) -> bool:
    pairs = zip(segment.types, segment.digests, strict=True)
    return len({digest for kind, digest in pairs if kind == EntryType.COMMAND}) >= _COMMANDS


def _key(segment: Segment) -> tuple[bytes, ...]:
    return segment.terms.tobytes(), bytes(segment.types), segment.digests.tobytes()
