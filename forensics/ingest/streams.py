"""Compressed streams: which it is, told by its first bytes, and one reader that ends cleanly on damage.

gzip goes through isal, three to four times as fast as zlib; the others through their usual libraries.
"""

from __future__ import annotations

import bz2
import io
import lzma
from collections.abc import Callable, Generator
from typing import BinaryIO, cast

from forensics.budget import Budget, LimitError
from forensics.errors import UnreadableError
from forensics.evidence import Blob
from forensics.ingest.ahead import ahead
from forensics.limits import (
    HEADER_READ_BYTES_MAX,
    IO_CHUNK_BYTES,
    XZ_MEMORY_BYTES_MAX,
)

Piece = tuple[bytes, int]
"""Decompressed bytes, and how many compressed ones were read up to them."""


class BlobFile(io.RawIOBase):
    """A blob as a seekable file object."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._blob.size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: object) -> int:
        got = self._blob.readinto(memoryview(buffer).cast("B"), self._at)  # type: ignore[arg-type]
        self._at += got
        return got


class ForwardReader(io.RawIOBase):
    """Forward-only view of a decompressed stream for tarfile: seeks by reading, ends early instead of raising.

    Attributes:
        damage: why the stream ended before its natural end, or None.
        refused: the name of the limit that was met, or None.
    """

    def __init__(self, pieces: Generator[Piece, None, None], budget: Budget) -> None:
        self._budget = budget
        self._pieces = pieces
        self._piece = memoryview(b"")
        self._counts_each = False
        self._at = 0
        self._given = 0  # bytes of the compressed stream that this took
        self.damage: str | None = None
        self.refused: str | None = None

    def close(self) -> None:
        """Nobody reads on: what decompresses ahead ends."""
        self._pieces.close()
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset + (self._at if whence == io.SEEK_CUR else 0)
        while self._at < target:
            if not self.read(min(target - self._at, IO_CHUNK_BYTES)):
                break
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """Up to `size` bytes; fewer only where the stream ends."""
        if size is None or size < 0 or size > HEADER_READ_BYTES_MAX:
            self.refused = "HEADER_READ_BYTES_MAX"
            return b""
        pieces = []
        while size > 0 and self.damage is None and self.refused is None:
            piece = self._next(size)
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read_some(self, size: int) -> bytes:
        """The next bytes as they come, at most `size`; none only where the stream ends."""
        return self._next(size) if size > 0 and self.damage is None and self.refused is None else b""

    def _next(self, size: int) -> bytes:
        if not self._piece and not self._fetch():
            return b""
        part, self._piece = self._piece[:size], self._piece[size:]
        if self._counts_each and not self._counted(len(part)):
            return b""
        self._at += len(part)
        return bytes(part)

    def _fetch(self) -> bool:
        """Take the next piece; False where there is none, or must not be."""
        try:
            piece, self._given = next(self._pieces, (b"", self._given))
        except EOFError:
            self.damage = "the compressed stream is cut short"
            return False
        except UnreadableError as error:
            self.damage = f"the compressed stream cannot be read ({error.strerror})"
            return False
        except LimitError as error:
            self.refused = str(error)
            return False
        except (OSError, lzma.LZMAError, RuntimeError, ValueError) as error:
            self.damage = f"the compressed stream is damaged ({type(error).__name__})"
            return False
        self._piece = memoryview(piece)
        self._counts_each = self._budget.left("DECOMPRESSED_BYTES_MAX") < len(piece)
        if not self._counts_each and not self._counted(len(piece)):
            return False
        if self._budget.is_bomb(self._at + len(piece), self._given):
            self.refused = "COMPRESSION_RATIO_MAX"
        return bool(piece)

    def _counted(self, size: int) -> bool:
        """So much more comes out of the archive: a piece at once, but where not all of it may."""
        try:
            self._budget.unpack(size, self._given)
        except LimitError as error:
            self.refused = str(error)
            return False
        return True


def compression_of(head: bytes) -> str | None:
    """`gzip`, `xz`, `bzip2`, `zstd` or `lz4`, told by the first bytes; None for none of them."""
    magics = {
        b"\x1f\x8b": "gzip",
        b"\xfd7zXZ\0": "xz",
        b"BZh": "bzip2",
        b"\x28\xb5\x2f\xfd": "zstd",
        b"\x04\x22\x4d\x18": "lz4",
    }
    return next((name for magic, name in magics.items() if head.startswith(magic)), None)


def open_compressed(blob: Blob, compression: str, budget: Budget) -> ForwardReader:
    """A reader over the decompressed content of `blob`, which counts."""
    pieces = _pieces(blob, compression)
    return ForwardReader(ahead(pieces) if blob.size > IO_CHUNK_BYTES else pieces, budget)


def _pieces(blob: Blob, compression: str) -> Generator[Piece, None, None]:
    source = BlobFile(blob)
    # isal buffers by itself; a second buffer below costs it a quarter of its speed.
    below = source if compression == "gzip" else io.BufferedReader(source, IO_CHUNK_BYTES)
    stream = _unbuffered(_OPENERS[compression](cast(BinaryIO, below)))
    while piece := stream.read(IO_CHUNK_BYTES):
        yield piece, source.tell()


def _unbuffered(stream: BinaryIO) -> BinaryIO:
    """Read piece by piece, so that what came before the damage is not lost with the call that met it."""
    return _Read1(stream) if hasattr(stream, "read1") else stream  # type: ignore[return-value]


class _Read1:
    def __init__(self, stream: BinaryIO) -> None:
        self.read: Callable[[int], bytes] = stream.read1  # type: ignore[attr-defined]


def _gzip(source: BinaryIO) -> BinaryIO:
    from isal import igzip, igzip_lib  # noqa: PLC0415 - only where needed: start-up time

    stream = cast(BinaryIO, igzip.IGzipFile(fileobj=source))  # type: ignore[no-untyped-call]
    return cast(BinaryIO, _Translated(stream, cast(type[Exception], igzip_lib.IsalError)))


class _Xz:
    """One xz stream after the other. lzma.LZMAFile cannot bound the memory that a header claims."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._stream = _xz_stream()

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none only at the end. Raises EOFError where the stream is cut."""
        while (fresh := self._fresh()) is not None:
            if piece := self._decompressed(fresh, size):
                return piece
        return b""

    def _fresh(self) -> bytes | None:
        """What to decompress next; nothing where the decompressor still has some, None at the end."""
        if self._stream.eof:
            rest = self._following()
            self._stream = _xz_stream() if rest else self._stream
            return rest or None
        fresh = self._source.read(IO_CHUNK_BYTES) if self._stream.needs_input else b""
        if self._stream.needs_input and not fresh:
            raise EOFError
        return fresh

    def _following(self) -> bytes:
        """What comes behind a stream and its padding."""
        rest = self._stream.unused_data
        while not rest.strip(b"\0") and (more := self._source.read(IO_CHUNK_BYTES)):
            rest = more
        return rest.lstrip(b"\0")

    def _decompressed(self, fresh: bytes, size: int) -> bytes:
        try:
            return self._stream.decompress(fresh, size)
        except lzma.LZMAError as error:
            if _is_sound(fresh):
                raise LimitError("XZ_MEMORY_BYTES_MAX") from error
            raise


def _xz_stream() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=XZ_MEMORY_BYTES_MAX)


def _is_sound(beginning: bytes) -> bool:
    """A beginning of a stream is one, whatever memory it claims. (The library's error is the same for both.)"""
    try:
        lzma.LZMADecompressor().decompress(beginning, 0)
    except lzma.LZMAError:
        return False
    except MemoryError:
        return True
    return True


def _zstd(source: BinaryIO) -> BinaryIO:
    import zstandard  # noqa: PLC0415 - as above

    reader = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True)
    return cast(BinaryIO, _Translated(reader, zstandard.ZstdError))


class _Translated:
    """A library's own kind of error, which is nobody's subclass, as an OSError."""

    def __init__(self, stream: BinaryIO, kind: type[Exception]) -> None:
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._kind = kind

    def read(self, size: int) -> bytes:
        try:
            return self._read(size)
        except self._kind as error:
            raise OSError(str(error)) from error


def _lz4(source: BinaryIO) -> BinaryIO:
    import lz4.frame  # noqa: PLC0415 - as above

    return cast(BinaryIO, lz4.frame.LZ4FrameFile(source))


_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "gzip": _gzip,
    "xz": lambda source: cast(BinaryIO, _Xz(source)),
    "bzip2": bz2.BZ2File,  # type: ignore[dict-item]
    "zstd": _zstd,
    "lz4": _lz4,
}
