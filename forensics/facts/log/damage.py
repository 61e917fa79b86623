"""Damaged segments of a log, explained: with their names, and with what else the directory holds.

Only damaged segments are read again, so a healthy directory pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forensics.evidence import Blob, Span
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.limits import BLOCKS_COMPARED_MAX
from forensics.parsers.damage import Damage, Look, Promise, Sign, Source, examine
from forensics.parsers.salvage import Salvaged
from forensics.parsers.segment import Segment, StopReason
from forensics.parsers.survey import surveyed

_BLOCK = 4096


def explain(log: RaftLog) -> dict[str, tuple[Damage, ...]]:
    """Each damaged segment's bad stretches, by the segment's path."""
    blobs = log.blobs()
    found: dict[str, tuple[Damage, ...]] = {}
    parts: list[ClosedSegment | OpenSegment] = [*log.closed, *log.open]
    for part in parts:
        if part.segment is None:
            continue
        if part.segment.damaged:
            view = memoryview(blobs[part.segment.path].read())
            damages = examine(view, part.segment)
            found[part.segment.path] = tuple(_surveyed(view, damage) for damage in damages)
        elif isinstance(part, ClosedSegment) and (short := _short(part, part.segment)):
            found[part.segment.path] = (short,)
    return _with_foreign_blocks(found, blobs) if found else found


def _surveyed(view: memoryview, damage: Damage) -> Damage:
    return replace(damage, part=replace(damage.part, good=surveyed(view, damage.part.good)))


def _short(part: ClosedSegment, segment: Segment) -> Damage | None:
    """A closed segment whose batches are all good, but which holds less than its name promises, or more than them."""
    stop = segment.stop
    missing = part.last - part.last_read
    if part.first > part.last or (stop.reason is StopReason.END and missing == 0):
        return None
    behind = Span(segment.path, stop.offset, segment.size - stop.offset)
    promise = Promise(len(segment), part.last - part.first + 1)
    if stop.reason is StopReason.ZEROS:
        sign = Sign(Look.ZEROED, behind, promise)
    elif missing > 0:
        sign = Sign(Look.CUT, behind, promise)
    else:
        sign = Sign(Look.BEHIND_END, Span(segment.path, 0, segment.size), promise)
    return Damage(Salvaged(stop, behind, max(missing, 0), (), Segment(segment.path, segment.size)), None, (sign,))


# --- blocks of other segments ---


def _with_foreign_blocks(found: dict[str, tuple[Damage, ...]], blobs: dict[str, Blob]) -> dict[str, tuple[Damage, ...]]:
    """Add a sign to each bad stretch that holds a whole block which another segment holds too."""
    wanted = _blocks(found, blobs)
    signs: dict[tuple[str, int], list[Sign]] = {}
    for path, blob in blobs.items() if wanted else ():
        for offset, block in _blocks_of(blob):
            for home, position, number in wanted.get(block, ()):
                if path != home:
                    sign = Sign(Look.FOREIGN_BLOCK, Span(home, position, _BLOCK), Source(_name(path), offset))
                    signs.setdefault((home, number), []).append(sign)
    return {
        path: tuple(
            replace(damage, signs=(*damage.signs, *signs.get((path, number), ())))
            for number, damage in enumerate(damages)
        )
        for path, damages in found.items()
    }


def _blocks_of(blob: Blob) -> Iterator[tuple[int, bytes]]:
    """Offset and content of each aligned block, read many at once."""
    for offset in range(0, blob.size - blob.size % _BLOCK, _READ):
        piece = blob.read(offset, _READ)
        for at in range(0, len(piece) - _BLOCK + 1, _BLOCK):
            yield offset + at, piece[at : at + _BLOCK]


def _blocks(found: dict[str, tuple[Damage, ...]], blobs: dict[str, Blob]) -> dict[bytes, list[tuple[str, int, int]]]:
    """The aligned blocks of bad stretches that can be told by their content: path, offset, number of the stretch."""
    blocks: dict[bytes, list[tuple[str, int, int]]] = {}
    for path, offset, number in _block_offsets(found):
        if len(blocks) >= BLOCKS_COMPARED_MAX:
            break
        block = blobs[path].read(offset, _BLOCK)
        if len(block) == _BLOCK and len(set(block)) > 1:  # all of one value says nothing about where it came from
            blocks.setdefault(block, []).append((path, offset, number))
    return blocks


def _block_offsets(found: dict[str, tuple[Damage, ...]]) -> Iterator[tuple[str, int, int]]:
    for path, damages in found.items():
        for number, damage in enumerate(damages):
            if damage.flip is None:
                bad = damage.part.bad
                first = -(-bad.offset // _BLOCK) * _BLOCK
                for offset in range(first, bad.offset + bad.length, _BLOCK):
                    yield path, offset, number


def _name(path: str) -> str:
    return path.rpartition("/")[2]


_READ = 256 * _BLOCK
