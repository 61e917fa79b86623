"""One node's log: its range, its segments in index order, and the stretches of one term."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.facts.cluster import Cluster
from forensics.facts.node import Node
from forensics.facts.raft_log import ClosedSegment, OpenSegment
from forensics.report.build.context import Context
from forensics.report.document import Document


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
        yield _segment(closed, "closed", closed.first, closed.last, last_read)
    for part in node.log.open:
        first = part.first if part.used else None
        yield _segment(part, "open", first, part.last_read, part.last_read)


def _segment(
    part: ClosedSegment | OpenSegment, kind: str, first: int | None, last: int | None, last_read: int | None
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
    }
