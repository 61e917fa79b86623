"""A directory put together anew: a snapshot and a log from whichever nodes have them, of one history.

The node's own files are copied byte for byte where all of one is sound and of the history; other entries go into new
closed segments, so that a start has nothing to do by itself. Behind the last entry of an unbroken log nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.cluster.log_holders import LogHolders
from forensics.facts.node.node import Node
from forensics.forecast.result import LibraryChoice
from forensics.ingest.roles import RAFT_ROLES
from forensics.parsers.segment import EntryType
from forensics.repair.base import NOTHING, Base, bases_of
from forensics.repair.configuration import CLUSTER_YAML, alone
from forensics.repair.contents import (
    Contents,
    FileContent,
    LeftOut,
    MadeFile,
    changes_of_bits,
    not_copied,
)
from forensics.repair.pieces import Piece, cover, pieces_of
from forensics.repair.segments import segments_of
from forensics.repair.term import NAMES, is_kept, new_term

_Files = dict[str, FileContent | MadeFile]


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


def log_of(cluster: Cluster, holders: LogHolders, history: Node, own: str, at: int | None = None) -> Log:
    """The log that reaches furthest in a node's history, the target's own files first.

    `at` is the last entry that is wanted; None for as many as there are.
    """
    pieces = pieces_of(cluster, holders, history)
    if at is not None:
        pieces = [piece.clipped(piece.first, at) for piece in pieces if piece.first <= at]
    bases = [base for base in bases_of(cluster, holders, history) if at is None or base.index <= at]
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


def rebuilt(cluster: Cluster, node: Node, log: Log, choice: LibraryChoice, wish: Wish) -> Contents | None:
    """Everything that is written, but for what is lost; None where there is no log to write.

    Args:
        cluster: all that arrived.
        node: that it is for.
        log: what it gets.
        choice: the version that its forecast speaks for.
        wish: what else is asked for.
    """
    forced = _alone(cluster, node, log.last + 1) if wish.forced else ()
    if not log.last or forced is None:
        return None
    files: _Files = {one.name: one for one in log.base.files}
    files |= {one.name: one for one in _segments(log.pieces, node.name)}
    files |= {one.name: one for one in _term(cluster, node, log)}
    files |= {one.name: one for one in forced}
    left_out = _with_others(node, files)
    last = log.last + (1 if forced else 0)
    every = tuple(files[name] for name in sorted(files))
    return Contents(node.name, node.id, node.address, choice, last, every, tuple(left_out), forced=bool(forced))


def _term(cluster: Cluster, node: Node, log: Log) -> Iterator[FileContent | MadeFile]:
    if not is_kept(node, max(log.terms)):
        yield new_term(cluster.nodes, log.terms)
        return
    for name in NAMES:
        file = node.state.files.get(name)
        if file is not None and file.blob is not None:
            yield FileContent(name, file.blob)


def _alone(cluster: Cluster, node: Node, index: int) -> tuple[MadeFile, ...] | None:
    """What makes the node the only voter; None where it is not known who it is."""
    server = cluster.server_of(node)
    address = node.address or (server.address if server else None)
    if node.id is None or address is None:
        return None
    entry, members = alone(node.id, address, index)
    return (entry, members) if CLUSTER_YAML in node.state.files else (entry,)


def _with_others(node: Node, files: _Files) -> list[tuple[str, LeftOut]]:
    """Adds what is no raft file; gives what of the directory is not in the result."""
    left_out: list[tuple[str, LeftOut]] = []
    for name, file in sorted(node.state.files.items()):
        if name in files:
            continue
        why = LeftOut.MADE_ANEW if file.role in RAFT_ROLES else not_copied(file)
        if why is not None:
            left_out.append((name, why))
        elif file.blob is not None:
            files[name] = FileContent(name, file.blob)
    return left_out


def _segments(pieces: Sequence[Piece], own: str) -> Iterator[FileContent | MadeFile]:
    """The node's own closed segments as they are, with known bits set back; what lies between, anew."""
    between: list[Piece] = []
    for piece in pieces:
        if piece.node == own and piece.is_whole_file() and _ends_sound(piece):
            yield from segments_of(between)
            between = []
            yield FileContent(piece.origin.file.name, piece.blob, changes_of_bits(piece.bits))
        else:
            between.append(piece)
    yield from segments_of(between)


def _ends_sound(piece: Piece) -> bool:
    """Nothing but entries is in the file, once known bits are set back."""
    segment = piece.origin.segment
    return (
        segment is not None and (not segment.damaged or bool(piece.bits)) and piece.segment.good_end == piece.blob.size
    )
