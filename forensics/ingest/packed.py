"""Contents in pieces, packed: how the spool keeps them, and how a range of one is read again.

A frame is zstd's, of about SPOOL_FRAME_BYTES of content. A segment of dqlite writes the same pages again and again, so
a window over all of it makes a tenth of it in less time than a disk takes for the rest. Frames that passed last stay
unpacked in memory: what decodes a file beside its arrival finds it there.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import zstandard

from forensics.limits import SPOOL_FRAME_BYTES, SPOOL_RECENT_BYTES_MAX

Pieces = Sequence[bytes]
_LEVEL: Final = 2  # a fifth less than 1 of segments, in the same time
_WINDOW_LOG: Final = SPOOL_FRAME_BYTES.bit_length() - 1


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where a frame lies in the spool's file: `size` bytes at `at`, which become `length` bytes of content."""

    at: int
    size: int
    length: int


class Packer:
    """Packs one frame after the other."""

    def __init__(self) -> None:
        parameters = zstandard.ZstdCompressionParameters.from_level(_LEVEL, window_log=_WINDOW_LOG)
        self._compressor = zstandard.ZstdCompressor(compression_params=parameters)
        self._frame = self._compressor.compressobj()
        self.pieces: list[bytes] = []
        self.length = 0

    @property
    def full(self) -> bool:
        """The frame holds enough."""
        return self.length >= SPOOL_FRAME_BYTES

    def add(self, piece: bytes) -> bytes:
        """More of the frame; what of it is packed so far."""
        self.pieces.append(piece)
        self.length += len(piece)
        return self._frame.compress(piece)

    def end(self) -> tuple[bytes, list[bytes]]:
        """The rest of the packed frame, and its pieces as they were. The next frame begins."""
        rest, pieces = self._frame.flush(), self.pieces
        self._frame, self.pieces, self.length = self._compressor.compressobj(), [], 0
        return rest, pieces


class Recent:
    """Frames unpacked, the last ones that were written or read. Safe for threads."""

    def __init__(self, most: int = SPOOL_RECENT_BYTES_MAX) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[Frame, Pieces] = OrderedDict()
        self._size = 0

    def keep(self, frame: Frame, pieces: Pieces) -> None:
        """This was the last one; those before go where they are too many."""
        with self._lock:
            if frame not in self._held:
                self._size += frame.length
            self._held[frame] = pieces
            self._held.move_to_end(frame)
            while self._size > self._most and len(self._held) > 1:
                gone, _ = self._held.popitem(last=False)
                self._size -= gone.length

    def get(self, frame: Frame, read: Callable[[int, int], bytes]) -> Pieces:
        """A frame's content; `read` gives what is not held, packed. Raises what that raises, and ValueError."""
        with self._lock:
            held = self._held.get(frame)
        if held is None:
            held = (_unpacked(read(frame.at, frame.size), frame.length),)
        self.keep(frame, held)
        return held


def _unpacked(packed: bytes, length: int) -> bytes:
    """Raises ValueError where these are not the bytes that were written."""
    try:
        content = zstandard.ZstdDecompressor().decompress(packed, max_output_size=length)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
    if len(content) != length:
        raise ValueError(f"{len(content)} of {length} bytes")
    return content


@dataclass(slots=True)
class Frames:
    """The frames of one content, in order."""

    frames: list[Frame] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    length: int = 0

    def append(self, frame: Frame) -> None:
        """The next one."""
        self.frames.append(frame)
        self.starts.append(self.length)
        self.length += frame.length

    def between(self, offset: int, end: int) -> Iterator[tuple[Frame, int, int]]:
        """The frames that hold bytes of the range, each with the range in it."""
        first = bisect_right(self.starts, offset) - 1
        for frame, start in zip(self.frames[first:], self.starts[first:], strict=True):
            if start >= end:
                return
            yield frame, max(offset - start, 0), min(end - start, frame.length)


def parts(pieces: Pieces, low: int, high: int) -> Iterator[bytes | memoryview]:
    """Bytes `low` to `high` of what the pieces are together; a piece itself where all of it is wanted."""
    at = 0
    for piece in pieces:
        if at >= high:
            return
        first, last = max(low - at, 0), min(high - at, len(piece))
        if first < last:
            yield piece if last - first == len(piece) else memoryview(piece)[first:last]
        at += len(piece)
