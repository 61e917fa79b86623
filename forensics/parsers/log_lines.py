"""The lines of a log, with where they stand; and what a line has in common with its repetitions."""

from __future__ import annotations

from collections.abc import Iterator

from forensics.evidence import Blob
from forensics.limits import IO_CHUNK_BYTES, LINE_CHARS_MAX, TEXT_BYTES_MAX

_DIGITS = b"0123456789"


def lines_of(blob: Blob) -> Iterator[tuple[int, bytes, bytes]]:
    """Every line without its end: its offset, the line, and the line behind it (empty behind the last one)."""
    held: tuple[int, bytes] | None = None
    for offset, line in _lines(blob):
        if held is not None:
            yield (*held, line)
        held = offset, line
    if held is not None:
        yield (*held, b"")


def without_numbers(line: bytes) -> bytes:
    """A log of a night is some hundred texts, written a million times with other numbers in them."""
    return line.translate(None, _DIGITS)


def _lines(blob: Blob) -> Iterator[tuple[int, bytes]]:
    """Of an endless line pieces; what a match may need of one is at the front of the next."""
    limit = min(blob.size, TEXT_BYTES_MAX)
    offset, position, rest = 0, 0, b""
    while position < limit and (piece := blob.read(position, min(IO_CHUNK_BYTES, limit - position))):
        position += len(piece)
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield offset, line
            offset += len(line) + 1
        if len(rest) > IO_CHUNK_BYTES:
            yield offset, rest[:-LINE_CHARS_MAX]
            offset, rest = offset + len(rest) - LINE_CHARS_MAX, rest[-LINE_CHARS_MAX:]
    if rest:
        yield offset, rest
