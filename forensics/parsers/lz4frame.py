"""The LZ4 frame around a snapshot's data, read as a stream: a cut or damaged frame still gives what it holds.

lz4.frame does the work; the frame's own header is read here only to tell what it promises.
Source: the LZ4 frame format; canonical/dqlite src/lib/... since raft 0.11 (docs/reference/snapshots.md#snapshot-data):
content size present, content checksum on, 64 KiB linked blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lz4.frame

from forensics.evidence import Anomaly, Blob
from forensics.limits import KIB
from forensics.on_disk import LZ4_MAGIC

_BLOCK_BYTES = 64 * KIB  # asked for at once, as large as raft's blocks: those before a bad one are not lost with it
_FEED_BYTES = 64 * KIB  # given at once: what waits for its turn is copied with every call


@dataclass(frozen=True, slots=True)
class Frame:
    """What an LZ4 frame promised and what it gave.

    Attributes:
        content_size: uncompressed bytes as its header says; None where it does not say.
        consumed: compressed bytes read.
        anomaly: why reading stopped before the end mark and a content checksum that holds; else None.
    """

    content_size: int | None
    consumed: int
    anomaly: Anomaly | None


class StreamReader:
    """A forward-only reader over the uncompressed bytes of a snapshot."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""
        self._frame: Frame | None = None
        self.position = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only where the stream ends."""
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes as they come, in pieces; fewer only where the stream ends."""
        while size > 0 and self._fill():
            piece, self._left = self._left[:size], self._left[size:]
            self.position += len(piece)
            size -= len(piece)
            yield piece

    def skip(self, size: int) -> None:
        """Pass over `size` bytes, or to the end of the stream."""
        for _ in self.pieces(size):
            pass

    def skip_all(self) -> int:
        """Pass over the rest; how many bytes that was."""
        before = self.position
        while self._fill():
            self.position += len(self._left)
            self._left = b""
        return self.position - before

    def finish(self) -> tuple[Frame | None, int]:
        """Read to the end, and give the frame (None where the file is raw) and the uncompressed size."""
        self.skip_all()
        return self._frame, self.position

    def _fill(self) -> bool:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._left = piece
        return True


def open_stream(blob: Blob) -> StreamReader:
    """A reader over the uncompressed content of `blob`: its LZ4 frame, or the bytes themselves where it is raw."""
    if blob.read(0, 4) != LZ4_MAGIC:
        return StreamReader(blob.chunks())
    reader = StreamReader(iter(()))
    reader._pieces = _decompress(blob, reader)  # noqa: SLF001 - the generator reports its frame to its reader
    return reader


def _decompress(blob: Blob, reader: StreamReader) -> Iterator[bytes]:
    decompressor = lz4.frame.LZ4FrameDecompressor()
    content_size = _content_size(blob)
    consumed = produced = 0
    anomaly: Anomaly | None = None
    for chunk in blob.chunks(_FEED_BYTES):
        try:
            for piece in _pieces_of(chunk, decompressor):
                produced += len(piece)
                yield piece
        except RuntimeError as error:
            detail = f"{_reason(error)} after {produced}{_of(content_size)} bytes"
            anomaly = Anomaly("lz4-corrupt", blob.span(consumed), detail)
        if anomaly or decompressor.eof:
            break
        consumed += len(chunk)
    if anomaly is None and not decompressor.eof:
        detail = f"the frame ends after {produced}{_of(content_size)} bytes"
        anomaly = Anomaly("lz4-cut", blob.span(blob.size), detail)
    elif decompressor.eof:
        consumed = blob.size - len(decompressor.unused_data or b"")
    reader._frame = Frame(content_size, consumed, anomaly)  # noqa: SLF001 - see open_stream


def _pieces_of(data: bytes, decompressor: Any) -> Iterator[bytes]:
    """What comes out with these compressed bytes, piece by piece. Raises RuntimeError at what is damaged."""
    while data or not decompressor.needs_input:
        piece = decompressor.decompress(data, max_length=_BLOCK_BYTES)
        data = b""
        if piece:
            yield piece
        if decompressor.eof or (not piece and decompressor.needs_input):
            return


def _of(content_size: int | None) -> str:
    return "" if content_size is None else f" of {content_size}"


def _content_size(blob: Blob) -> int | None:
    """What the frame's header says; None where it says nothing or cannot be read."""
    try:
        size: int = lz4.frame.get_frame_info(blob.read(0, 19))["content_size"]
    except RuntimeError:
        return None
    return size or None


def _reason(error: RuntimeError) -> str:
    """The LZ4 library's own error name, such as ERROR_contentChecksum_invalid."""
    return str(error).rsplit(" ", 1)[-1].strip()[:80]
