"""A snapshot's two files: the `.meta` with its configuration, and the data with its directory of databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from forensics.crc import crc32
from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.layouts.snapshot import DATA_HEADER, DATABASE_HEADER, META_HEADER
from forensics.limits import (
    CONFIGURATION_BYTES_MAX,
    DATABASE_BYTES_MAX,
    DATABASE_NAME_BYTES_MAX,
    DATABASES_MAX,
)
from forensics.masking.text import told_number
from forensics.on_disk import SQLITE_HEADER_BYTES, SQLITE_MAGIC
from forensics.parsers.bitflip import BitFlip
from forensics.parsers.configuration import Configuration, parse_configuration
from forensics.parsers.lz4frame import Frame, StreamReader, open_stream
from forensics.parsers.meta_flip import find_meta_flip

_META_BYTES = META_HEADER.sizeof()
_PAGE_SIZE_AT, _PAGE_COUNT_AT = 16, 28  # of SQLite's database header, both big-endian


@dataclass(frozen=True, slots=True)
class SnapshotMeta:
    """`snapshot-T-I-TS.meta`.

    Attributes:
        format: 1 (2 on DQLITE_NEXT).
        checksum_stored, checksum_computed: equal when the file is sound; computed is None where bytes are missing.
        configuration_index: the entry that the configuration came from.
        configuration: the members at that index.
        at: header and configuration.
        flip: of a damaged file, the one bit that explains it, if one does.
    """

    format: int
    checksum_stored: int
    checksum_computed: int | None
    configuration_index: int
    configuration: Configuration | None
    at: Span
    flip: BitFlip | None = None


@dataclass(frozen=True, slots=True)
class DatabaseImage:
    """One database inside a snapshot. Offsets are in the uncompressed stream.

    Attributes:
        name: dqlite's file name of it.
        main_offset, main_size: the database file's image (0 bytes when never checkpointed, or deleted).
        wal_offset, wal_size: the WAL file's image (0 bytes since dqlite 1.17).
        page_size, page_count: as SQLite's own header says; None without a header.
        whole: all of the bytes are there.
    """

    name: str
    main_offset: int
    main_size: int
    wal_offset: int
    wal_size: int
    page_size: int | None
    page_count: int | None
    whole: bool


@dataclass(frozen=True, slots=True)
class SnapshotData:
    """The data file: its outer frame and its databases.

    Attributes:
        frame: the LZ4 frame, or None where the file is raw.
        raw_size: bytes that could be read after decompression.
        databases: in file order.
        at: the whole file.
    """

    frame: Frame | None
    raw_size: int
    databases: tuple[DatabaseImage, ...]
    at: Span


class ImageSink(Protocol):
    """Takes one database's bytes as they pass: all of the main image, then all of the WAL."""

    def main(self, piece: bytes) -> None:
        """The next bytes of the database file's image."""

    def wal(self, piece: bytes) -> None:
        """The next bytes of the WAL file's image."""

    def finish(self, main_size: int) -> None:
        """All bytes that there are have passed; `main_size` is how long the main image claims to be."""


OpenSink = Callable[[str], ImageSink | None]


def parse_snapshot_meta_file(blob: Blob) -> Parsed[SnapshotMeta]:
    """Read a `.meta` file. Bytes behind the configuration are ignored, as libraft ignores them.

    Source: canonical/dqlite src/raft/uv_snapshot.c (uvSnapshotLoadMeta); docs/reference/snapshots.md#snapshot-metadata.
    """
    raw = blob.take(0, _META_BYTES)
    if raw is None:
        return Parsed(None, (Anomaly("meta-short", blob.span(), f"{blob.size} of {_META_BYTES} bytes"),))
    header = META_HEADER.parse(raw)
    anomalies: list[Anomaly] = []
    if header.format not in (1, 2):
        anomalies.append(Anomaly("meta-format", blob.span(0, 8), f"format {told_number(header.format)}"))
    size = header.configuration_size
    computed: int | None = None
    configuration: Configuration | None = None
    if not 0 < size <= CONFIGURATION_BYTES_MAX:
        anomalies.append(Anomaly("meta-size", blob.span(24, 8), f"claims {told_number(size)} bytes of configuration"))
    elif (body := blob.take(_META_BYTES, size)) is None:
        there = blob.size - _META_BYTES
        anomalies.append(Anomaly("meta-short", blob.span(_META_BYTES), f"{there} of {size} bytes of configuration"))
    else:
        computed = crc32(body, crc32(raw[16:]))
        if computed != header.checksum or header.checksum_high:
            stored = f"stored {header.checksum:08x}, computed {computed:08x}"
            anomalies.append(Anomaly("meta-checksum", blob.span(16, _META_BYTES - 16 + size), stored))
        parsed = parse_configuration(body, blob.span(_META_BYTES, size))
        configuration = parsed.value
        anomalies += parsed.anomalies
    meta = SnapshotMeta(
        header.format,
        header.checksum,
        computed,
        header.configuration_index,
        configuration,
        blob.span(0, min(_META_BYTES + size, blob.size)),
        find_meta_flip(blob.read(0, _META_BYTES + CONFIGURATION_BYTES_MAX), blob.path) if anomalies else None,
    )
    return Parsed(meta, tuple(anomalies))


def parse_snapshot_data(blob: Blob, sink: OpenSink | None = None) -> Parsed[SnapshotData]:
    """Read a snapshot's frame and directory, streaming: pages are handed on as they pass, or skipped.

    A cut or corrupt frame gives the databases that it holds as far as they can be read
    (docs/reference/snapshots.md#snapshot-data; docs/reference/start.md#the-newest-snapshot).

    Args:
        blob: the data file.
        sink: asked at each database, by its name, who takes its bytes; nobody does where it gives None.
    """
    if blob.size == 0:
        return Parsed(None, (Anomaly("snapshot-empty", blob.span(), "no bytes"),))
    stream = open_stream(blob)
    anomalies: list[Anomaly] = []
    databases = tuple(_databases(stream, blob, anomalies, sink))
    if not anomalies and (rest := stream.skip_all()):
        anomalies.append(Anomaly("snapshot-tail", blob.span(), f"{rest} bytes behind the last database"))
    frame, raw_size = stream.finish()
    if frame is not None and frame.anomaly is not None:
        anomalies.insert(0, frame.anomaly)
    return Parsed(SnapshotData(frame, raw_size, databases, blob.span()), tuple(anomalies))


def _databases(
    stream: StreamReader, blob: Blob, anomalies: list[Anomaly], sink: OpenSink | None
) -> Iterator[DatabaseImage]:
    raw = stream.read(DATA_HEADER.sizeof())
    if len(raw) < DATA_HEADER.sizeof():
        anomalies.append(Anomaly("snapshot-short", blob.span(), f"{len(raw)} bytes of a 16-byte header"))
        return
    header = DATA_HEADER.parse(raw)
    if header.format != 1:
        anomalies.append(Anomaly("snapshot-format", blob.span(), f"format {told_number(header.format)}"))
        return
    if header.databases > DATABASES_MAX:
        anomalies.append(Anomaly("snapshot-count", blob.span(), f"claims {header.databases} databases"))
        return
    for number in range(1, header.databases + 1):
        image = _database(stream, blob, number, anomalies, sink)
        if image is None:
            return
        yield image
        if not image.whole:
            return


def _database(
    stream: StreamReader, blob: Blob, number: int, anomalies: list[Anomaly], sink: OpenSink | None
) -> DatabaseImage | None:
    name = _text(stream)
    raw = stream.read(DATABASE_HEADER.sizeof())
    if name is None or len(raw) < DATABASE_HEADER.sizeof():
        anomalies.append(Anomaly("snapshot-short", blob.span(), f"the stream ends in the header of database {number}"))
        return None
    sizes = DATABASE_HEADER.parse(raw)
    if max(sizes.main_size, sizes.wal_size) > DATABASE_BYTES_MAX:
        claim = f"database {number} claims {sizes.main_size} + {sizes.wal_size} bytes"
        anomalies.append(Anomaly("snapshot-size", blob.span(), claim))
        return None
    main_offset = stream.position
    wal_offset = main_offset + sizes.main_size
    head = stream.read(min(100, sizes.main_size))
    page_size, page_count = _sqlite_header(head)
    taker = sink(name) if sink else None
    if taker is None:
        stream.skip(wal_offset + sizes.wal_size - stream.position)
    else:
        taker.main(head)
        for piece in stream.pieces(wal_offset - stream.position):
            taker.main(piece)
        for piece in stream.pieces(sizes.wal_size):
            taker.wal(piece)
        taker.finish(sizes.main_size)
    end = wal_offset + sizes.wal_size
    whole = stream.position == end
    if not whole:
        missing = end - stream.position
        detail = f"database {number} lacks its last {missing} of {sizes.main_size + sizes.wal_size} bytes"
        anomalies.append(Anomaly("snapshot-short", blob.span(), detail))
    return DatabaseImage(name, main_offset, sizes.main_size, wal_offset, sizes.wal_size, page_size, page_count, whole)


def _text(stream: StreamReader) -> str | None:
    """A NUL-terminated text, zero-padded to a multiple of 8."""
    got = b""
    while len(got) <= DATABASE_NAME_BYTES_MAX:
        word = stream.read(8)
        if len(word) < 8:
            return None
        got += word
        if b"\0" in word:
            return got[: got.index(b"\0")].decode("utf-8", "replace")
    return None


def _sqlite_header(head: bytes) -> tuple[int | None, int | None]:
    if len(head) < SQLITE_HEADER_BYTES or not head.startswith(SQLITE_MAGIC):
        return None, None
    page_size = int.from_bytes(head[_PAGE_SIZE_AT : _PAGE_SIZE_AT + 2], "big")
    page_count = int.from_bytes(head[_PAGE_COUNT_AT : _PAGE_COUNT_AT + 4], "big")
    return (65536 if page_size == 1 else page_size), page_count
