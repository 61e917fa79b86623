"""A directory put together anew: a snapshot and a log from whichever nodes have them, of one history.

The node's own files are copied byte for byte where all of one is sound and of the history; other entries go into new
closed segments, so that a start has nothing to do by itself. Behind the last entry of an unbroken log nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.forecast.result import LibraryChoice
from forensics.ingest.roles import RAFT_ROLES
from forensics.repair.compressed import readable
from forensics.repair.configuration import forced, only
from forensics.repair.contents import (
    Contents,
    FileContent,
    LeftOut,
    MadeFile,
    changes_of_bits,
    not_copied,
)
from forensics.repair.log import Log, Wish
from forensics.repair.pieces import Piece
from forensics.repair.segments import closed_name, segments_of
from forensics.repair.term import term_files

_Files = dict[str, FileContent | MadeFile]


def rebuilt(cluster: Cluster, node: Node, log: Log, choice: LibraryChoice, wish: Wish) -> Contents | None:
    """Everything that is written, but for what is lost; None where there is no log to write.

    Args:
        cluster: all that arrived.
        node: that it is for.
        log: what it gets.
        choice: the version that its forecast speaks for.
        wish: what else is asked for.
    """
    alone = _alone(cluster, node, log.last + 1) if wish.forced else ()
    if not log.last or alone is None:
        return None
    files: _Files = {one.name: one for one in readable(log.base, choice.library)}
    files |= {one.name: one for one in _segments(log.pieces, node.name)}
    files |= {one.name: one for one in term_files(cluster.nodes, node, log.terms)}
    files |= {one.name: one for one in alone}
    left_out = _with_others(node, files)
    last = log.last + (1 if alone else 0)
    every = tuple(files[name] for name in sorted(files))
    return Contents(node.name, node.id, node.address, choice, last, every, tuple(left_out), forced=bool(alone))


def _alone(cluster: Cluster, node: Node, index: int) -> tuple[MadeFile, ...] | None:
    """What makes the node the only voter; None where it is not known who it is."""
    members = only(cluster, node)
    if members is None:
        return None
    return (forced(members, index),)


def _with_others(node: Node, files: _Files) -> list[tuple[str, LeftOut]]:
    """Adds what is no raft file; gives what of the directory is not in the result."""
    left_out: list[tuple[str, LeftOut]] = []
    renamed = {one.blob.path for one in files.values() if isinstance(one, FileContent)}
    for name, file in sorted(node.state.files.items()):
        if name in files or file.at.path in renamed:
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
            yield FileContent(closed_name(piece.first, piece.last), piece.blob, changes_of_bits(piece.bits))
        else:
            between.append(piece)
    yield from segments_of(between)


def _ends_sound(piece: Piece) -> bool:
    """Nothing but entries is in the file, once known bits are set back."""
    segment = piece.origin.segment
    return (
        segment is not None and (not segment.damaged or bool(piece.bits)) and piece.segment.good_end == piece.blob.size
    )
