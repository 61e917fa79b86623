"""The lines of a log, with where they stand; and what a line has in common with its repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.budget import of_run
from forensics.evidence import Blob
from forensics.limits import IO_CHUNK_BYTES, LINE_CHARS_MAX

_DIGITS = b"0123456789"
# UUIDs; digests, and ids of containers and network devices; the ends of names that Kubernetes makes up, which are of an
# alphabet without vowels (k8s.io/apimachinery pkg/util/rand). Each but the first has a digit, as no word has.
_IDS = re.compile(
    rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[a-f]{0,63}[0-9])[0-9a-f]{8,}"
    rb"|(?<=[-.])(?=[a-z]{0,9}[0-9])[b-df-hj-np-tv-xz24-9]{5,10}\b"
)


def lines_of(blob: Blob) -> Iterator[tuple[int, bytes, bytes]]:
    """Every line without its end: its offset, the line, and the line behind it (empty behind the last one).

    Raises LimitError where the run has searched enough of logs.
    """
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


def without_ids(line: bytes) -> bytes:
    """Nor does it mean anything else with another id in it. Takes ten times as long as `without_numbers`."""
    return without_numbers(_IDS.sub(b"", line))


def _lines(blob: Blob) -> Iterator[tuple[int, bytes]]:
    """Of an endless line pieces; what a match may need of one is at the front of the next."""
    budget = of_run()
    offset, position, rest = 0, 0, b""
    while piece := blob.read(position, IO_CHUNK_BYTES):
        budget.take("LOG_BYTES_MAX", len(piece))
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
