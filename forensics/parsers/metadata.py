"""metadata1 and metadata2: the term, and the vote in it."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.layouts.metadata import METADATA
from forensics.masking.text import told_number

FORMATS_KNOWN = (1, 2)  # 2 only by DQLITE_NEXT builds of 1.16.5 to 1.16.7


@dataclass(frozen=True, slots=True)
class Metadata:
    """One of the two copies.

    Attributes:
        format: disk format number.
        version: counts every write of this node's life; odd ones live in metadata1, even ones in metadata2.
        term: raft term.
        voted_for: the server that got this node's vote in that term; 0 is no vote.
        at: all 32 bytes.
    """

    format: int
    version: int
    term: int
    voted_for: int
    at: Span


def parse_metadata(blob: Blob) -> Parsed[Metadata]:
    """Read one file. Of a longer file the rest is reported as an anomaly."""
    size = METADATA.sizeof()
    raw = blob.take(0, size)
    if raw is None:
        # dqlite takes this for a crash while writing, and deletes the file at its next start.
        return Parsed(None, (Anomaly("metadata-short", blob.span(), f"{blob.size} of {size} bytes"),))
    got = METADATA.parse(raw)
    whole = blob.span(0, size)
    checks = (
        ("metadata-format", got.format in FORMATS_KNOWN, blob.span(0, 8), f"format {told_number(got.format)}"),
        ("metadata-version", got.version > 0, blob.span(8, 8), "version is zero"),
        ("metadata-tail", blob.size == size, blob.span(size), f"{blob.size - size} bytes after the record"),
    )
    found = tuple(Anomaly(code, at, detail) for code, fine, at, detail in checks if not fine)
    return Parsed(Metadata(got.format, got.version, got.term, got.voted_for, whole), found)
