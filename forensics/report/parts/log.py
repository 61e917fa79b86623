"""One node's log: its range, its segments in index order, and the stretches of one term."""

from __future__ import annotations

from msgspec.structs import replace

from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.facts.node.node import Node
from forensics.parsers.bitflip import BitFlip
from forensics.parsers.damage import Damage
from forensics.parsers.segment import Segment
from forensics.report import document as doc
from forensics.rules.damage_words import damage_words, field_words


def build_log(node: Node) -> doc.Log | None:
    """Null where no segment tells of any entry."""
    chain = node.log.chain()
    if chain is None:
        return None
    decoded = bool(node.log.blobs())
    return doc.Log(
        first_index=chain.first,
        last_index=chain.last,
        last_term=node.log.last_term,
        entries=chain.last - chain.first + 1,
        bytes=node.log.payload_bytes(chain.first, chain.last) if decoded else None,
        segments=(
            *(_closed(node.log, closed) for closed in node.log.closed),
            *(_open(node.log, part) for part in node.log.open),
        ),
        terms=tuple(
            doc.Band(first_index=first, last_index=last, term=term) for first, last, term in node.log.term_bands()
        ),
    )


def _closed(log: RaftLog, closed: ClosedSegment) -> doc.Segment:
    named = doc.Segment(
        name=closed.file.name,
        path=closed.file.at.path,
        kind=doc.SegmentKind.CLOSED,
        first_index=closed.first,
        last_index=closed.last,
        size=closed.file.size_max,
    )
    return named if closed.segment is None else replace(_read(log, named, closed.segment), last_read=closed.last_read)


def _open(log: RaftLog, part: OpenSegment) -> doc.Segment:
    named = doc.Segment(
        name=part.file.name,
        path=part.file.at.path,
        kind=doc.SegmentKind.OPEN,
        first_index=part.first if part.used else None,
        last_index=part.last_read,
        last_read=part.last_read,
        size=part.file.size_max,
    )
    return named if part.segment is None else _read(log, named, part.segment)


def _read(log: RaftLog, named: doc.Segment, segment: Segment) -> doc.Segment:
    """What the content tells."""
    return replace(
        named,
        entries=len(segment),
        batches=len(segment.batches),
        damaged=segment.damaged,
        stop=segment.stop.reason.value,
        stop_offset=segment.stop.offset,
        damage=tuple(_damage(damage) for damage in log.damage.get(segment.path, ())),
    )


def _damage(damage: Damage) -> doc.Damage:
    """One bad stretch: where it lies, how many entries it held (null where unknown) and left, what it looks like."""
    part, flip = damage.part, damage.flip
    return doc.Damage(
        batch=part.stop.batch,
        reason=part.stop.reason.value,
        offset=part.bad.offset,
        length=part.bad.length,
        entries=part.lost,
        salvaged=len(part.good),
        looks=tuple(sign.look.value for sign in damage.signs),
        flipped_bit=None if flip is None else _flipped_bit(flip),
        hypothesis=damage_words(damage) or None,
    )


def _flipped_bit(flip: BitFlip) -> doc.FlippedBit:
    return doc.FlippedBit(
        offset=flip.at.offset,
        bit=flip.bit,
        stored=flip.stored,
        corrected=flip.corrected,
        where=field_words(flip.field),
        chance_one_in=flip.odds,
    )
