"""The log of a result: what it goes on from, and the entries behind that, of one history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node
from forensics.parsers.segment import EntryType
from forensics.repair.base import NOTHING, Base, bases_of
from forensics.repair.configuration import only
from forensics.repair.database import made_bases
from forensics.repair.history import stored
from forensics.repair.pieces import Piece, cover


@dataclass(frozen=True, slots=True)
class Log:
    """A snapshot and the entries behind it, and before it as far as the node has them without a gap."""

    base: Base
    pieces: tuple[Piece, ...]

    @property
    def last(self) -> int:
        """Index of the last entry; 0 where there is none."""
        return max(self.base.index, self.pieces[-1].last if self.pieces else 0)

    @property
    def terms(self) -> tuple[int, ...]:
        """The highest of the snapshot, and of each piece."""
        own = (max(piece.term(at) for at in range(piece.first, piece.last + 1)) for piece in self.pieces)
        return (self.base.term, *own)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a result.

    Attributes:
        alone: the node becomes the only voter.
        at: the last entry; None for as many as there are.
        keep: the node whose history goes on, where somebody has decided that.
    """

    alone: bool = False
    at: int | None = None
    keep: Node | None = None

    @property
    def forced(self) -> bool:
        """The result goes on without what others have, whatever that is."""
        return self.alone or self.at is not None


def log_of(cluster: Cluster, holders: LogHolders, history: Node, pieces: list[Piece], node: Node, wish: Wish) -> Log:
    """The log that reaches furthest in a node's history, the target's own files first; as far as it is wanted.

    What becomes the only member may go on from databases alone, where nothing else leads as far.
    """
    at = wish.at
    if at is not None:
        pieces = [piece.clipped(piece.first, at) for piece in pieces if piece.first <= at]
    bases = [base for base in bases_of(cluster, holders, history) if at is None or base.index <= at]
    log = _furthest(bases, pieces, node.name)
    members = only(cluster, node) if wish.forced else None
    if members is None or log.last >= (at or stored(cluster, holders, history)):
        return log
    made = made_bases(cluster, holders, history, members, at)
    return max(log, _furthest((NOTHING, *made), pieces, node.name), key=lambda one: one.last)


def _furthest(bases: Iterable[Base], pieces: Sequence[Piece], own: str) -> Log:
    logs = [Log(base, tuple(_around(pieces, base, own))) for base in bases]
    return max(logs, key=lambda log: (log.last, log.base.node == own, log.base.index))


def _around(pieces: Sequence[Piece], base: Base, own: str) -> Iterator[Piece]:
    """Behind the snapshot; before it only what the node has itself, without a gap."""
    behind = cover(pieces, base.index + 1, own)
    if base is NOTHING:
        yield from behind if behind and _founds(behind[0]) else ()
        return
    first = base.index + 1
    mine = [piece for piece in pieces if piece.node == own]
    while (before := next((one for one in mine if one.first < first <= one.last + 1), None)) is not None:
        first = before.first
    yield from cover(pieces, first, own) if first <= base.index else behind


def _founds(piece: Piece) -> bool:
    """Entry 1 is the founder's configuration: docs/reference/raft.md#bootstrap-and-ids."""
    return piece.first == 1 and (piece.segment.types[1 - piece.start], piece.term(1)) == (EntryType.CHANGE, 1)
