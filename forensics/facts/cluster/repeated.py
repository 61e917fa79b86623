"""Segments that hold, entry for entry, what another one of the same node begins with: somebody copied a file.

A leader writes an entry once. An open segment has whatever indexes come next, so its copy counts the same entries
again; of two closed ones either name may be the wrong one. A directory that was synchronized twice, and from which
nothing was deleted, has an open segment as it was then beside the closed one that it became.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType, Segment

_COMMANDS = 8  # so many different ones, in the same order from a segment's beginning to its end, are no accident


def repeated(node: Node) -> frozenset[str]:
    """Names of those whose indexes nothing on the node tells: open copies, and closed segments that are equal."""
    opened = (copy.file.name for copy, _ in copied_open(node.log))
    return frozenset((*opened, *_equal(node.log.closed)))


def copied_open(log: RaftLog) -> Iterator[tuple[OpenSegment, ClosedSegment | OpenSegment]]:
    """Open segments that hold what another one begins with, and that one."""
    for at, part in enumerate(log.open):
        if part.segment is None or not _is_telling(part.segment):
            continue
        longer = (one for one in log.open[at:] if one.segment is not None and len(one.segment) > len(part.segment))
        others: list[ClosedSegment | OpenSegment] = [*log.closed, *log.open[:at], *longer]
        of = next((other for other in others if _begins_with(other.segment, part.segment)), None)
        if of is not None:
            yield part, of


def _begins_with(whole: Segment | None, start: Segment) -> bool:
    count = len(start)
    return (
        whole is not None
        and len(whole) >= count
        and whole.digests[0] == start.digests[0]
        and (whole.terms[:count], whole.types[:count], whole.digests[:count])
        == (start.terms, start.types, start.digests)
    )


def _equal(closed: Sequence[ClosedSegment]) -> Iterator[str]:
    same: dict[tuple[bytes, ...], list[str]] = defaultdict(list)
    for part in closed:
        if part.segment is not None and _is_telling(part.segment):
            same[_key(part.segment)].append(part.file.name)
    return (name for names in same.values() if len(names) > 1 for name in names)


def _is_telling(segment: Segment) -> bool:
    pairs = zip(segment.types, segment.digests, strict=True)
    return len({digest for kind, digest in pairs if kind == EntryType.COMMAND}) >= _COMMANDS


def _key(segment: Segment) -> tuple[bytes, ...]:
    return segment.terms.tobytes(), bytes(segment.types), segment.digests.tobytes()
