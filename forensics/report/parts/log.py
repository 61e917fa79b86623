"""One node's log: its range, its segments in index order, and the stretches of one term."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.log.raft_log import ClosedSegment, OpenSegment, RaftLog
from forensics.facts.node.node import Node
from forensics.parsers.damage import Damage
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.rules.damage_words import damage_words, field_words


def build_log(_: Context, __: Cluster, node: Node) -> Document | None:
    """Null where no segment tells of any entry."""
    chain = node.log.chain()
    if chain is None:
        return None
    decoded = bool(node.log.blobs())
    return {
        "firstIndex": chain.first,
        "lastIndex": chain.last,
        "lastTerm": node.log.last_term,
        "entries": node.log.count() if decoded else chain.last - chain.first + 1,
        "bytes": node.log.payload_bytes() if decoded else None,
        "segments": list(_segments(node)),
        "terms": [
            {"firstIndex": first, "lastIndex": last, "term": term} for first, last, term in node.log.term_bands()
        ],
    }


def _segments(node: Node) -> Iterator[Document]:
    for closed in node.log.closed:
        last_read = closed.last_read if closed.segment is not None else None
        yield _segment(node.log, closed, "closed", closed.first, closed.last, last_read)
    for part in node.log.open:
        first = part.first if part.used else None
        yield _segment(node.log, part, "open", first, part.last_read, part.last_read)


def _segment(
    log: RaftLog,
    part: ClosedSegment | OpenSegment,
    kind: str,
    first: int | None,
    last: int | None,
    last_read: int | None,
) -> Document:
    segment = part.segment
    return {
        "name": part.file.name,
        "path": part.file.at.path,
        "kind": kind,
        "firstIndex": first,
        "lastIndex": last,
        "lastRead": last_read,
        "entries": None if segment is None else len(segment),
        "batches": None if segment is None else len(segment.batches),
        "size": part.file.size_max,
        "damaged": None if segment is None else segment.damaged,
        "stop": None if segment is None else segment.stop.reason.value,
        "stopOffset": None if segment is None else segment.stop.offset,
        "damage": [] if segment is None else [_damage(damage) for damage in log.damage.get(segment.path, ())],
    }


def _damage(damage: Damage) -> Document:
    """One bad stretch: where it lies, how many entries it held (null where unknown) and left, what it looks like."""
    part, flip = damage.part, damage.flip
    return {
        "batch": part.stop.batch,
        "reason": part.stop.reason.value,
        "offset": part.bad.offset,
        "length": part.bad.length,
        "entries": part.lost,
        "salvaged": len(part.good),
        "looks": [sign.look.value for sign in damage.signs],
        "flippedBit": None
        if flip is None
        else {
            "offset": flip.at.offset,
            "bit": flip.bit,
            "stored": flip.stored,
            "corrected": flip.corrected,
            "where": field_words(flip.field),
            "chanceOneIn": flip.odds,
        },
        "hypothesis": damage_words(damage) or None,
    }
