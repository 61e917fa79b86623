"""What one node's disk holds of its history, and what it must have held: three things that damage pulls apart.

- What its start keeps: the forecast says it (election/starters.py).
- What can be read: behind damage too, and what one known bit restores. Such a copy is as good as any.
- What it once stored: the name of a closed segment is given when its last entry is on disk, so it proves that, also
  where its content cannot be read any more. Commitment follows from what was stored, not from what is left.

Source: docs/reference/segments.md#closed-segments; docs/reference/raft.md#the-commit-index.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.facts.cluster.log_position import effective_last_term, effective_term
from forensics.facts.log.entry_arrays import EntryArrays, intact_arrays_of
from forensics.facts.node.node import Grade, Node
from forensics.ingest.raft_names import parse_closed, parse_corrupt
from forensics.ingest.roles import FileRole
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.parsers.segment_walk import parse_segment


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """What one node can show of its history.

    Attributes:
        arrays: every entry that is intact.
        read: index of the last of them, or of a snapshot that goes further; 0 where there is nothing.
        term: of that entry, seen past forced configurations; 0 where it is not known.
        stored: index of the last entry that it provably stored, all behind `read` of this same term; never below it.
        whole: nothing behind `stored` can have been there.
        holes: some of what it stored cannot be read.
    """

    arrays: EntryArrays
    read: int
    term: int
    stored: int
    whole: bool
    holes: bool

    def term_of(self, index: int) -> int | None:
        """The term of an entry, by the log; None where that does not tell."""
        if self.read < index <= self.stored:
            return self.term
        key = self.arrays.key(index)
        return None if key is None else key[0]

    def term_start(self, index: int) -> int:
        """The first index of the stretch of one term that holds `index`, as far back as it is read without a gap."""
        at = min(index, self.read)
        part = next((one for one in self.arrays.stretches if one.first <= at <= one.last), None)
        if part is None or self.term_of(at) != self.term_of(index):
            return index
        position = at - part.first
        while position > 0 and part.terms[position - 1] == part.terms[position]:
            position -= 1
        return part.first + position


def holdings_of(node: Node) -> Holdings:
    """Of one node by itself; with the indexes that its segments have by now."""
    arrays = intact_arrays_of(node)
    read = max(arrays.last or 0, node.last_index or 0)
    term = _term(node, arrays, read)
    ends = _unread_ends(node, read)
    stored = max((last for first, last in ends if _is_of_one_term(node, first, last, read, term)), default=read)
    whole = _is_all_here(node) and not _may_go_on(node, read) and all(last <= stored for _, last in ends)
    holes = bool(ends or node.log.damaged()) or not _are_placed(node)
    return Holdings(arrays, read, term or 0, stored, whole, holes)


def _term(node: Node, arrays: EntryArrays, read: int) -> int | None:
    key = arrays.key(read)
    if key is None or read <= (node.last_index or 0):
        return effective_last_term(node)
    return effective_term(node, key[0], read)


def _unread_ends(node: Node, read: int) -> list[tuple[int, int]]:
    """First and last index of closed segments that reach behind all that is readable."""
    return [(part.first, part.last) for part in node.log.closed if part.segment is not None and part.last > read]


def _is_of_one_term(node: Node, first: int, last: int, read: int, term: int | None) -> bool:
    """The entries behind `read` that the segment held are of the term of the last one that can be read.

    Terms do not fall along a log, and none is above that of the metadata. A forced configuration is an exception, but
    lies in a segment of its own.
    """
    metadata = node.metadata
    return metadata is not None and metadata.term == term and first <= read + 1 and first < last


def _may_go_on(node: Node, read: int) -> bool:
    """Entries behind the last that is readable may have been there, in a segment that no name ends."""
    for part in node.log.open:
        if part.used and part.first is None:
            return True
        known = node.log.intact.get(part.file.at.path)
        if known is None:
            continue
        ends = [one.first + len(one.segment) - 1 for one in known.parts if one.first is not None]
        reached = max(ends, default=(part.first or 0) - 1)
        if len(ends) < len(known.parts) or (not known.to_its_end and reached >= read):
            return True
    return False


def _are_placed(node: Node) -> bool:
    """The entries of every closed segment have their indexes."""
    return all(part.has_indexes for part in node.log.closed)


def _is_all_here(node: Node) -> bool:
    """Everything arrived with its content, and self-repair took nothing that the log did not get back."""
    something = bool(node.snapshots or node.log.closed or node.log.open)
    known = node.log.known_by_content and _are_placed(node)
    return node.grade is Grade.FULL and something and known and not _cut_by_repair(node)


def _cut_by_repair(node: Node) -> bool:
    """Self-repair set entries aside that the log may not have got back: it has, once it holds one of a later term, or
    the index that a closed segment ended at (docs/reference/start.md#self-repair).
    """
    for file in node.state.of_role(FileRole.CORRUPT):
        name = parse_corrupt(file.name)
        closed = parse_closed(name.original) if name else None
        if closed is not None and (node.last_index or 0) >= closed.last:
            continue
        if file.blob is None or file.blob.size > SEGMENT_BYTES_MAX:
            return True
        terms = parse_segment(memoryview(file.blob.read()), file.at.path).terms
        if not terms or (effective_last_term(node) or 0) <= max(terms):
            return True
    return False
