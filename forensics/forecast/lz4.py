"""Decompressing snapshot data with the library's own loops: what ends them, and what makes them run forever.

liblz4 itself (through lz4.frame) gives the bytes and the names of its errors; the loops around it differ by version.
Sources: canonical/raft src/compress.c (Decompress, IsCompressed) until 1.18.2; canonical/dqlite src/raft/uv_fs.c
(UvFsReadCompressedFile) from 1.18.3 on; docs/reference/start.md#the-newest-snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import lz4.frame

from forensics.evidence import Blob
from forensics.forecast.reasons import Accident, AccidentKind, Undefined
from forensics.forecast.simulation import Code, Ended, Failed, Hung, Run
from forensics.limits import GIB, IO_CHUNK_BYTES
from forensics.on_disk import LZ4_MAGIC

_HEADER_BYTES_MIN = 7  # LZ4F_HEADER_SIZE_MIN
_HEADER_BYTES_MAX = 19  # LZ4F_HEADER_SIZE_MAX
_INPUT_BYTES = 4 * 1024 * 1024 + 4 * 1024 * 1024 // 255 + 16  # LZ4_COMPRESSBOUND(4 MiB): what 1.18.3+ reads at a time
_MALLOC_MAX = 1024 * GIB  # no machine gives that much: malloc fails. Below it, the model assumes that memory suffices.


@dataclass(frozen=True, slots=True)
class Content:
    """A snapshot's data as the state machine gets it.

    Attributes:
        size: bytes; None where the library hands over an uninitialised buffer.
        pieces: reads it again from the start, in order.
        memo: how restoring it ended, by version.
    """

    size: int | None
    pieces: Callable[[], Iterator[bytes]]
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def detect_and_decompress(run: Run, name: str) -> Content:
    """Until 1.18.2: a file that begins with the magic is a frame, anything else is taken as it is."""
    size = run.directory.size(name)
    blob = run.directory.blob(name)
    if run.directory.read(name, 0, len(LZ4_MAGIC)) != LZ4_MAGIC:
        return Content(size, blob.chunks)
    length = _content_size(run, run.directory.read(name, 0, _HEADER_BYTES_MAX))
    if length > _MALLOC_MAX:
        raise run.fail(Code.NOMEM)
    frame = _Frame()
    for piece in blob.chunks():
        _feed(run, frame, piece, length)
        if frame.ended:
            return Content(length, lambda: _decompressed(blob, length))
    raise Hung(Accident(AccidentKind.ENDLESS_FRAME))


def stream_decompress(run: Run, name: str) -> Content:
    """From 1.18.3 on: nothing but a frame will do, and reading stops as soon as the promised size is there."""
    directory = run.directory
    size = directory.size(name)
    if size < _HEADER_BYTES_MIN:
        raise run.fail(Code.INVALID, "compressed file is too short")
    length = _content_size(run, directory.read(name, 0, _HEADER_BYTES_MAX))
    if length == 0:
        run.undefined = Undefined.FRAME_SIZE
        return Content(None, lambda: iter(()))
    if length > _MALLOC_MAX:
        raise run.fail(Code.NOMEM)
    frame = _Frame()
    for offset in range(0, size, _INPUT_BYTES):
        if frame.produced == length:
            break
        _feed(run, frame, directory.read(name, offset, _INPUT_BYTES), length)
    if frame.produced < length:
        raise run.fail(Code.IOERR, f"short read: {frame.produced} bytes instead of {length}")
    blob = directory.blob(name)
    return Content(length, lambda: _decompressed(blob, length))


def remembered(run: Run, name: str, key: str, read: Callable[[Run, str], Content]) -> Content:
    """Decompress a file once, however many starts are simulated on it; how that ended is remembered too."""
    memo = run.directory.memo(name)
    if key not in memo:
        before = str(run.message)
        try:
            memo[key] = read(run, name), "", run.undefined
        except Ended as ended:
            text = str(run.message)
            memo[key] = ended, "" if text == before else text, run.undefined
    result, text, run.undefined = memo[key]
    if isinstance(result, Failed) and text:
        run.message.set(text)
    if isinstance(result, Ended):
        raise result
    content: Content = result
    return content


class _Frame:
    """One decompression context."""

    def __init__(self) -> None:
        self._context = lz4.frame.create_decompression_context()
        self.produced = 0
        self.ended = False

    def decompress(self, data: bytes, room: int) -> tuple[bytes, bytes]:
        """At most `room` bytes of output, and the input that is left. Raises RuntimeError with liblz4's error name."""
        piece, consumed, self.ended = lz4.frame.decompress_chunk(self._context, data, max_length=room)
        self.produced += len(piece)
        return piece, data[consumed:]


def _pump(frame: _Frame, data: bytes, length: int) -> Iterator[bytes]:
    """Decompress one input buffer into a destination that has room up to `length` bytes in all."""
    while not frame.ended:
        room = min(length - frame.produced, IO_CHUNK_BYTES)
        piece, rest = frame.decompress(data, room)
        yield piece
        if not piece and len(rest) == len(data):
            return
        data = rest


def _feed(run: Run, frame: _Frame, data: bytes, length: int) -> None:
    try:
        for _ in _pump(frame, data, length):
            pass
    except RuntimeError as error:
        raise run.fail(Code.IOERR, f"LZ4F_decompress {_error_name(error)}") from None


def _content_size(run: Run, header: bytes) -> int:
    try:
        size: int = lz4.frame.get_frame_info(header)["content_size"]
    except RuntimeError as error:
        raise run.fail(Code.IOERR, f"LZ4F_getFrameInfo {_error_name(error)}") from None
    return size


def _decompressed(blob: Blob, length: int) -> Iterator[bytes]:
    frame = _Frame()
    for data in blob.chunks():
        yield from _pump(frame, data, length)
        if frame.ended or frame.produced == length:
            return


def _error_name(error: RuntimeError) -> str:
    return str(error).rsplit(" ", 1)[-1]
