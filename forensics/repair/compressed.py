"""A snapshot's data for a version that reads only LZ4 frames: the same content, compressed as raft does it.

Source: docs/reference/snapshots.md#snapshot-data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import lz4.frame

from forensics.evidence import Blob
from forensics.forecast.versions import Library
from forensics.ingest.raft_names import parse_snapshot
from forensics.limits import IO_CHUNK_BYTES
from forensics.on_disk import LZ4_MAGIC
from forensics.repair.base import Base
from forensics.repair.contents import FileContent, MadeFile, Making, Taken


def readable(base: Base, library: Library) -> Iterator[FileContent | MadeFile]:
    """A snapshot's files, as this version can read them."""
    for file in base.files:
        if isinstance(file, FileContent) and library.streams_lz4 and _is_raw(file):
            taken = Taken(base.node, file.blob, 1, base.index)
            yield MadeFile(file.name, Making.COMPRESSED, partial(_framed, file.blob), (taken,))
        else:
            yield file


def _is_raw(file: FileContent) -> bool:
    return parse_snapshot(file.name) is not None and file.blob.read(0, len(LZ4_MAGIC)) != LZ4_MAGIC


def _framed(content: Blob) -> Iterator[bytes]:
    return frame_of(content.size, content.chunks(IO_CHUNK_BYTES))


def frame_of(size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One LZ4 frame of so many bytes, with their number and a checksum, in linked blocks of 64 KiB."""
    frame = lz4.frame.LZ4FrameCompressor(block_size=lz4.frame.BLOCKSIZE_MAX64KB, content_checksum=True)
    yield frame.begin(source_size=size)
    yield from map(frame.compress, pieces)
    yield frame.flush()
