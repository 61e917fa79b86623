"""The ledger: each byte of each raft file is decoded, padding, or unexplained, and the three add up to its size.

Padding: what the formats leave unused, zeros behind the last batch of a segment, the bytes behind a configuration's
last server. Unexplained: bad batches, data behind the end, entries whose payload is no command or configuration,
what a damaged frame does not give. Of a compressed snapshot the compressed bytes are counted. Segments that
self-repair moved away have an account too; behind their first bad batch nothing is salvaged.
The zeros that fill a text up to eight bytes belong to the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Blob, Parsed
from forensics.facts.node.node import Node, Snapshot
from forensics.ingest.raft_names import parse_closed, parse_corrupt, parse_open
from forensics.ingest.roles import FileRole
from forensics.limits import SEGMENT_BYTES_MAX
from forensics.on_disk import DATA_HEADER_BYTES, FORMAT_BYTES, META_HEADER_BYTES
from forensics.parsers.damage import Damage
from forensics.parsers.metadata import Metadata
from forensics.parsers.segment import BENIGN, Segment
from forensics.parsers.segment_walk import parse_segment
from forensics.parsers.snapshot import SnapshotData, SnapshotMeta
from forensics.parsers.survey import surveyed

_META_UNCOVERED_BYTES = 16  # format and checksum, which the checksum does not cover


@dataclass(frozen=True, slots=True)
class Covered:
    """Bytes of a file, or of a part of one."""

    decoded: int = 0
    padding: int = 0
    unexplained: int = 0

    def __add__(self, other: Covered) -> Covered:
        """Both together."""
        return Covered(self.decoded + other.decoded, self.padding + other.padding, self.unexplained + other.unexplained)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One file's account. `size` is of the content at hand."""

    path: str
    size: int
    covered: Covered


def ledger(node: Node) -> list[Ledger]:
    """Every raft file of a node whose content is at hand, by path."""
    return sorted(_all(node), key=lambda account: account.path)


def _all(node: Node) -> Iterator[Ledger]:
    yield from _of_metadata(node)
    segments = [part.segment for part in node.log.closed] + [part.segment for part in node.log.open]
    for segment in segments:
        if segment is not None:
            yield Ledger(segment.path, segment.size, of_segment(segment, node.log.damage.get(segment.path, ())))
    yield from _of_moved_segments(node)
    for snapshot in node.snapshots:
        yield from _of_snapshot(snapshot)


def _of_metadata(node: Node) -> Iterator[Ledger]:
    for name, parsed in (("metadata1", node.metadata1), ("metadata2", node.metadata2)):
        file = node.state.file(name)
        if parsed is not None and file is not None and file.blob is not None:
            yield Ledger(file.at.path, file.blob.size, _metadata(parsed, file.blob.size))


def _of_moved_segments(node: Node) -> Iterator[Ledger]:
    """What self-repair moved away, read as the segment that it was."""
    for file in node.state.of_role(FileRole.CORRUPT):
        if file.blob is not None and file.blob.size <= SEGMENT_BYTES_MAX and _was_segment(file.name):
            content = memoryview(file.blob.read())
            segment = surveyed(content, parse_segment(content, file.at.path))
            yield Ledger(segment.path, segment.size, of_segment(segment, ()))


def _of_snapshot(snapshot: Snapshot) -> Iterator[Ledger]:
    meta, data = (file.blob if file else None for file in (snapshot.meta_file, snapshot.data_file))
    if snapshot.meta is not None and meta is not None:
        yield Ledger(meta.path, meta.size, _meta(snapshot.meta, meta))
    if snapshot.data is not None and data is not None:
        yield Ledger(data.path, data.size, _snapshot(snapshot.data, data.size))


def _was_segment(name: str) -> bool:
    """What self-repair moves away: segments alone (docs/reference/start.md#self-repair)."""
    found = parse_corrupt(name)
    return found is not None and bool(parse_closed(found.original) or parse_open(found.original))


def _metadata(parsed: Parsed[Metadata], size: int) -> Covered:
    if parsed.value is None:
        return Covered(unexplained=size)
    return Covered(decoded=parsed.value.at.length, unexplained=size - parsed.value.at.length)


def of_segment(segment: Segment, damages: tuple[Damage, ...]) -> Covered:
    """A segment with its bad stretches, and what was salvaged behind them."""
    covered = Covered()
    if segment.format in (1, 2):
        covered = Covered(decoded=FORMAT_BYTES) + _batches(segment, FORMAT_BYTES)
    end, stop = segment.good_end, segment.stop.reason
    for damage in damages if segment.damaged else ():
        part = damage.part
        end = part.bad.offset + part.bad.length
        covered += Covered(unexplained=part.bad.length) + _batches(part.good, end)
        end, stop = part.good.good_end if len(part.good) else end, part.good.stop.reason
    rest = segment.size - end
    return covered + (Covered(padding=rest) if stop in BENIGN else Covered(unexplained=rest))


def _batches(segment: Segment, start: int) -> Covered:
    """The good batches that begin at `start`."""
    if not len(segment):
        return Covered()
    odd = sum(segment.sizes[position] for position in segment.odd)
    return Covered(segment.good_end - start - segment.padding - odd, segment.padding, odd)


def _meta(parsed: Parsed[SnapshotMeta], blob: Blob) -> Covered:
    meta = parsed.value
    if meta is None or meta.configuration is None or meta.format not in (1, 2):
        return Covered(unexplained=blob.size)
    end = meta.at.length
    behind = blob.size - end
    tail = Covered(unexplained=behind) if blob.read(end).strip(b"\0") else Covered(padding=behind)
    if meta.checksum_computed != meta.checksum_stored:
        return Covered(decoded=_META_UNCOVERED_BYTES, unexplained=end - _META_UNCOVERED_BYTES) + tail
    used = META_HEADER_BYTES + meta.configuration.used
    return Covered(decoded=used, padding=end - used) + tail


def _snapshot(parsed: Parsed[SnapshotData], size: int) -> Covered:
    data = parsed.value
    if data is None or data.raw_size == 0:
        return Covered(unexplained=size)
    last = data.databases[-1] if data.databases else None
    end = DATA_HEADER_BYTES if last is None and parsed.whole else 0
    if last is not None:
        end = min(last.wal_offset + last.wal_size, data.raw_size)
    unexplained = data.raw_size - end
    if data.frame is None:
        return Covered(decoded=end, unexplained=unexplained)
    # Compressed bytes cannot be told apart: the part of the stream that is unexplained stands for that of the frame.
    consumed = data.frame.consumed
    unexplained = -(-consumed * unexplained // data.raw_size)
    return Covered(consumed - unexplained, 0, unexplained + size - consumed)
