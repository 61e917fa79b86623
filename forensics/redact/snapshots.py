"""Snapshots: the `.meta` file with its configuration, and the data with its databases and their write-ahead logs.

A compressed snapshot is compressed anew, as libraft does it; where its frame was cut or damaged, the copy holds what
could be read, and ends there in the same way.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import lz4.frame

from forensics.crc import crc32
from forensics.evidence import BytesBlob
from forensics.limits import CONFIGURATION_BYTES_MAX, DATABASES_MAX
from forensics.on_disk import DATA_HEADER_BYTES, LZ4_MAGIC, META_HEADER_BYTES, PAGE_BYTES
from forensics.parsers.lz4frame import open_stream
from forensics.parsers.meta_flip import find_meta_flip
from forensics.parsers.snapshot import DatabaseImage, parse_snapshot_data
from forensics.parsers.sqlite_wal import FRAME_HEADER_BYTES, MAGICS, PAGE_SIZES, WAL_HEADER_BYTES
from forensics.redact.configurations import cleaned_configuration
from forensics.redact.pages import Pages
from forensics.redact.stale import blank

_CHECKSUM, _COVERED, _SIZE = 8, 16, 24
_END_BYTES = 8  # of an LZ4 frame: its end mark and the content's checksum
_MASK = 0xFFFFFFFF


def cleaned_meta(data: bytes, pages: Pages) -> bytes:
    """A `.meta` file, as long as it was; its checksum is as right or as wrong as it was."""
    flip = find_meta_flip(data[: META_HEADER_BYTES + CONFIGURATION_BYTES_MAX], "")
    sound = bytearray(data)
    if flip is not None:
        sound[flip.at.offset] ^= 1 << flip.bit
    new = bytearray(_meta(bytes(sound), pages))
    if flip is not None:
        new[flip.at.offset] ^= 1 << flip.bit
    return bytes(new)


def _meta(data: bytes, pages: Pages) -> bytes:
    size = int.from_bytes(data[_SIZE:META_HEADER_BYTES], "little")
    if len(data) < META_HEADER_BYTES or not 0 < size <= CONFIGURATION_BYTES_MAX:
        return blank(data)
    end = META_HEADER_BYTES + size
    new = bytearray(blank(data))
    new[:META_HEADER_BYTES] = data[:META_HEADER_BYTES]
    new[META_HEADER_BYTES:end] = cleaned_configuration(data[META_HEADER_BYTES:end], pages.texts)
    difference = int.from_bytes(data[_CHECKSUM : _CHECKSUM + 4], "little") ^ crc32(data[_COVERED:end])
    checksum = crc32(bytes(new[_COVERED:end])) ^ difference
    new[_CHECKSUM : _CHECKSUM + 4] = checksum.to_bytes(4, "little")
    return bytes(new)


def cleaned_snapshot(data: bytes, pages: Pages) -> bytes:
    """A snapshot's data. Compressed, it may have another size than before."""
    if not data.startswith(LZ4_MAGIC):
        return _content(data, pages)
    stream = open_stream(BytesBlob("", data))
    content = b"".join(stream.pieces(1 << 62))
    frame, _ = stream.finish()
    new = _content(content, pages)
    if not pages.texts.settled:
        return data
    packed = compressed(new + bytes(max((frame.content_size or 0) - len(new), 0) if frame and frame.anomaly else 0))
    if frame is None or frame.anomaly is None:
        return packed + (blank(data[frame.consumed :]) if frame else b"")
    if len(content) == frame.content_size:  # all of it is there: the checksum at its end is wrong, or missing
        return packed[:-1] + bytes([packed[-1] ^ 1]) if frame.anomaly.code == "lz4-corrupt" else packed[:-_END_BYTES]
    return _broken(new, frame.content_size or len(new), cut=frame.anomaly.code == "lz4-cut")


def compressed(content: bytes) -> bytes:
    """A frame of LZ4, as libraft writes it."""
    packed: bytes = lz4.frame.compress(
        content,
        block_size=lz4.frame.BLOCKSIZE_MAX64KB,
        block_linked=True,
        content_checksum=True,
        store_size=True,
    )
    return packed


def _broken(content: bytes, claimed: int, *, cut: bool) -> bytes:
    """A frame that claims more than it holds: it ends, or a block follows that is none."""
    context = lz4.frame.create_compression_context()
    head = lz4.frame.compress_begin(
        context,
        source_size=claimed,
        block_size=lz4.frame.BLOCKSIZE_MAX64KB,
        block_linked=True,
        content_checksum=True,
        auto_flush=True,
    )
    body = lz4.frame.compress_chunk(context, content) if content else b""
    return bytes(head + body + (b"\x10" if cut else b"\x10\0\0\0" + b"\xff" * 16))


def _content(data: bytes, pages: Pages) -> bytes:
    count = min(int.from_bytes(data[8:DATA_HEADER_BYTES], "little"), DATABASES_MAX)  # an absurd one is damage: read on
    told = data[:8] + count.to_bytes(8, "little") + data[DATA_HEADER_BYTES:]
    parsed = parse_snapshot_data(BytesBlob("", told)).value
    new = bytearray(blank(data))
    if parsed is None or int.from_bytes(data[:8], "little") != 1:
        pages.texts.counts["snapshots that cannot be read"] += 1
        return bytes(new)
    new[:DATA_HEADER_BYTES] = data[:DATA_HEADER_BYTES]
    at = DATA_HEADER_BYTES
    for image in parsed.databases:
        _image(data, new, at, image, pages)
        at = image.wal_offset + image.wal_size
    return bytes(new)


def _image(data: bytes, new: bytearray, at: int, image: DatabaseImage, pages: Pages) -> None:
    name_end = data.index(b"\0", at)
    new[at:name_end] = pages.texts.prose(data[at:name_end])
    new[image.main_offset - 16 : image.main_offset] = data[image.main_offset - 16 : image.main_offset]
    main = data[image.main_offset : image.main_offset + image.main_size]
    new[image.main_offset : image.main_offset + len(main)] = cleaned_database(main, pages)
    wal = data[image.wal_offset : image.wal_offset + image.wal_size]
    new[image.wal_offset : image.wal_offset + len(wal)] = cleaned_wal(wal, pages)


def cleaned_database(data: bytes, pages: Pages) -> bytes:
    """The file of a database, page by page."""
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size if size in PAGE_SIZES else PAGE_BYTES
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    pages.together(dict(enumerate(pieces, 1)))
    return b"".join(
        pages.cleaned(piece, number) if len(piece) == size else blank(piece) for number, piece in enumerate(pieces, 1)
    )


def cleaned_wal(data: bytes, pages: Pages) -> bytes:
    """A write-ahead log, frame by frame. Its checksums go on from frame to frame; each keeps its difference."""
    if len(data) < WAL_HEADER_BYTES or int.from_bytes(data[:4], "big") not in MAGICS:
        return blank(data)
    return b"".join(_frames(data, pages))


def _frames(data: bytes, pages: Pages) -> Iterator[bytes]:
    order = ">" if data[3] & 1 else "<"
    size = int.from_bytes(data[8:12], "big")
    yield data[:WAL_HEADER_BYTES]
    if size not in PAGE_SIZES:
        yield blank(data[WAL_HEADER_BYTES:])
        return
    old = new = struct.unpack(">2I", data[24:32])
    at = WAL_HEADER_BYTES
    starts = range(at + FRAME_HEADER_BYTES, len(data) - size + 1, FRAME_HEADER_BYTES + size)
    numbered = [(int.from_bytes(data[one - 24 : one - 20], "big"), data[one : one + size]) for one in starts]
    pages.together(dict(numbered))
    if not pages.texts.settled:
        for number, page in numbered:
            pages.cleaned(page, number)
        return
    while at + FRAME_HEADER_BYTES + size <= len(data):
        head, page = data[at : at + 16], data[at + FRAME_HEADER_BYTES : at + FRAME_HEADER_BYTES + size]
        number = int.from_bytes(head[:4], "big")
        cleaned = pages.cleaned(page, number)
        stored = struct.unpack_from(">2I", data, at + 16)
        old, new = wal_sum(head[:8] + page, old, order), wal_sum(head[:8] + cleaned, new, order)
        written = tuple(one ^ was ^ told for one, was, told in zip(new, old, stored, strict=True))
        yield head + struct.pack(">2I", *written) + cleaned
        at += FRAME_HEADER_BYTES + size
    yield blank(data[at:])


def wal_sum(data: bytes, start: tuple[int, ...], order: str) -> tuple[int, int]:
    """SQLite's checksum of a WAL (sqlite.org/fileformat2.html, "Checksum Algorithm")."""
    one, two = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _MASK
        two = (two + second + one) & _MASK
    return one, two
