"""Entries in a row from one file of one node, and how a log is put together from such pieces of several nodes.

Raft's log matching makes that sound: what is equal at one index and term is equal before it
(docs/reference/raft.md#what-must-hold), so of one history any node's batches are as good as another's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.evidence import Blob
from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.cluster.misnamed import sure_names
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment
from forensics.facts.node.node import Node
from forensics.parsers.bitflip import BitFlip
from forensics.parsers.segment import EntryType, Segment


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Entries `first` to `last`, all of sound batches.

    Attributes:
        node: whose, by name.
        origin: the segment that they lie in.
        segment: of its columns, position 0 is entry `start`.
        blob: the file's content.
        bits: known bits of it, to be set back.
    """

    node: str
    origin: ClosedSegment | OpenSegment
    segment: Segment
    blob: Blob
    start: int
    first: int
    last: int
    bits: tuple[BitFlip, ...] = ()

    def term(self, index: int) -> int:
        """Of one of its entries."""
        return self.segment.terms[index - self.start]

    def clipped(self, first: int, last: int) -> Piece:
        """What of it lies within."""
        return replace(self, first=max(first, self.first), last=min(last, self.last))

    def is_whole_file(self) -> bool:
        """It is all of a closed segment, as the name says."""
        part = self.origin
        ends = self.start + len(self.segment) - 1
        return isinstance(part, ClosedSegment) and (part.first, part.last) == (self.first, self.last) == (
            self.start,
            ends,
        )


def pieces_of(cluster: Cluster, holders: LogHolders, history: Node) -> list[Piece]:
    """Everything intact of one node's history, on whichever node, whose indexes are sure; in disk format 1."""
    wrong, names = cluster.contradicted(), sure_names(cluster.nodes)
    found: list[Piece] = []
    for node in cluster.nodes:
        if node.name not in cluster.misplaced:
            end = min(_agreed(holders, history, node), wrong.get(node.name, 1 << 64) - 1)
            sure = (piece for piece in _of_node(node) if piece.origin.file.name in names[node.name])
            found += [piece.clipped(1, end) for piece in sure if piece.first <= end]
    return found


def _agreed(holders: LogHolders, history: Node, node: Node) -> int:
    """The last index up to which a node's entries are of a history: also into a hole of it.

    Terms do not fall, and a term has one leader: between two entries of one term, every entry of that term is the one.
    """
    end = holders.agrees_to(history, node)
    if node is history or not end or holders.difference(history, node) is not None:
        return end
    behind = (part.first for part in holders.arrays[history.name].stretches if part.first > end + 1)
    hole_end = min(behind, default=end + 1) - 1
    term = holders.term_at(history, end)
    if term is None or holders.term_at(history, hole_end + 1) != term:
        return end
    while end < hole_end and holders.term_at(node, end + 1) == term:
        end += 1
    return end


def _of_node(node: Node) -> Iterator[Piece]:
    blobs = node.log.blobs()
    for first, segment, origin in node.log.intact_parts():
        if segment.format != 1 or first < 1:
            continue
        bits = [damage.flip for damage in node.log.damage.get(segment.path, ()) if damage.flip is not None]
        known = tuple(bit for bit in bits if bit.odds is not None)
        yield Piece(node.name, origin, segment, blobs[segment.path], first, first, first + len(segment) - 1, known)


def cover(pieces: Sequence[Piece], first: int, own: str) -> list[Piece]:
    """Pieces from `first` on without a gap, as far as they reach: one node's own where it has them."""
    found: list[Piece] = []
    starts = sorted(piece.first for piece in pieces if piece.node == own)
    index, term = first, 0
    while (chosen := _best_at(pieces, index, own)) is not None:
        end = chosen.last
        if chosen.node != own and (at := bisect_left(starts, index + 1)) < len(starts):
            end = min(end, starts[at] - 1)
        part = chosen.clipped(index, end)
        fall = _first_fall(part, term)
        if fall is not None:
            part = part.clipped(index, fall - 1)
        if part.last >= part.first:
            found.append(part)
        if fall is not None:
            break
        index, term = part.last + 1, _last_term(part, term)
    return found


def _best_at(pieces: Iterable[Piece], index: int, own: str) -> Piece | None:
    here = (piece for piece in pieces if piece.first <= index <= piece.last)
    return max(here, key=lambda piece: (piece.node == own, piece.last), default=None)


def _first_fall(piece: Piece, term: int) -> int | None:
    """The first index at which the term falls, seen past forced configurations; None where it never does."""
    for index in range(piece.first, piece.last + 1):
        now = piece.term(index)
        if now < term and not _may_be_forced(piece, index):
            return index
        term = max(term, now)
    return None


def _last_term(piece: Piece, term: int) -> int:
    return max(term, *(piece.term(index) for index in range(piece.first, piece.last + 1)))


def _may_be_forced(piece: Piece, index: int) -> bool:
    at = index - piece.start
    return piece.segment.types[at] == EntryType.CHANGE and piece.segment.terms[at] == 1
