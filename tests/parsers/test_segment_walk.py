"""The hot path over segments against the layouts: by builder for both disk formats, and on what real raft wrote."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from construct import Bytes, Int64ul

from forensics.crc import crc32
from forensics.layouts.segment import BATCH_HEADER, BATCH_HEADER_LOCAL
from forensics.parsers.segment import Entry, EntryType, StopReason
from forensics.parsers.segment_walk import parse_segment
from forensics.pipeline import gather, ingest
from tests.raft_bytes import Made, segment

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"


def by_layouts(data: bytes, first: int) -> list[Entry]:
    """All entries, read slowly with the declarations; any bytes behind the last batch must be zero."""
    local = Int64ul.parse(data) == 2
    layout, behind = (BATCH_HEADER_LOCAL, 16) if local else (BATCH_HEADER, 0)
    entries: list[Entry] = []
    offset = 8
    while offset < len(data) and any(data[offset : offset + 16]):
        stream = io.BytesIO(data)
        stream.seek(offset)
        header = layout.parse_stream(stream)
        body = stream.tell()
        assert crc32(data[offset + 8 : body]) == header.header_checksum
        end = body
        for entry in header.entries:
            payload = Bytes(entry.size).parse(data[end : end + entry.size])
            entries.append(Entry(first + len(entries), entry.term, entry.type, end, entry.size, crc32(payload)))
            end += entry.size + behind
        assert crc32(data[body:end]) == header.data_checksum
        offset = end
    assert not data[offset:].strip(b"\0")
    return entries


@pytest.mark.parametrize("disk_format", [1, 2])
@pytest.mark.parametrize("zeros", [0, 4096])
def test_built_segments(disk_format: int, zeros: int) -> None:
    entries = [Made(1, 3, b"c" * 40), Made(2, 2, bytes(8)), Made(2, 1, b"p" * 4096), Made(3, 1, b"")]
    data = segment([entries[:1], entries, entries[2:]], disk_format, zeros)
    read = parse_segment(data, "open-1")
    assert read.format == disk_format
    assert read.stop.reason is (StopReason.ZEROS if zeros else StopReason.END)
    assert read.good_end == len(data) - zeros
    assert list(read.entries(7)) == by_layouts(data, 7)
    assert [entry.type for entry in read.entries(7)] == [3, 3, 2, 1, 1, 1, 1]
    assert list(read.firsts) == [0, 1, 5]


def test_local_data_is_covered_by_the_data_checksum() -> None:
    """The 16 bytes behind each payload count in the checksum, not in the size.

    Source: docs/reference/snapshots.md#disk-format-2
    """
    data = bytearray(segment([[Made(payload=b"p" * 8)]], 2))
    assert parse_segment(bytes(data)).sizes[0] == 8
    data[-1] ^= 1
    assert parse_segment(bytes(data)).stop.reason is StopReason.DATA_CHECKSUM


@pytest.mark.parametrize("base", ["s111", "s118", "killed-mid-write"])
def test_real_segments(base: str) -> None:
    with ingest([str(BASES / f"{base}.tar.xz")]) as evidence:
        for node in gather(evidence).nodes():
            blobs = node.log.blobs()
            for first, read, _ in node.log.parts():
                assert list(read.entries(first)) == by_layouts(blobs[read.path].read(), first)
                assert set(read.types) <= set(EntryType)
