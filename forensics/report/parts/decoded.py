"""The header fields of raft's files near a span. They are all that is shown of such a file's bytes.

A field is known by its layout, and only where something proves that a header stands there: the file's format word, a
checksum that holds, or the one flipped bit with which it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.evidence import Blob
from forensics.ingest.roles import FileRole
from forensics.layouts.metadata import METADATA
from forensics.layouts.segment import FORMAT_WORD
from forensics.layouts.snapshot import META_HEADER
from forensics.masking.text import is_likely
from forensics.on_disk import FORMAT_BYTES
from forensics.parsers.damage import Damage
from forensics.parsers.segment import Segment
from forensics.parsers.snapshot import SnapshotMeta
from forensics.report.parts.batch_fields import batch_fields
from forensics.report.parts.known_field import KnownField, laid_out


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, and what reading it gave.

    Attributes:
        role: what it is.
        blob: its content, where it arrived.
        segment: what a segment holds.
        damage: a segment's bad stretches.
        meta: what a snapshot's `.meta` holds.
    """

    role: FileRole
    blob: Blob | None
    segment: Segment | None = None
    damage: tuple[Damage, ...] = ()
    meta: SnapshotMeta | None = None


def known_fields(file: ReadFile, start: int, end: int) -> list[KnownField]:
    """Those that the bytes `start` to `end` touch, in the order of the file."""
    if file.blob is None or not _begins_with_a_format(file.blob):
        return []
    end = min(end, file.blob.size)
    return [one for one in _fields(file, file.blob, start, end) if one.offset < end and one.end > start]


def _begins_with_a_format(blob: Blob) -> bool:
    """Else it is something else under that name: a key, a payload."""
    return is_likely(int.from_bytes(blob.read(0, FORMAT_BYTES), "little"))


def _fields(file: ReadFile, blob: Blob, start: int, end: int) -> Iterator[KnownField]:
    if file.role is FileRole.METADATA:
        yield from laid_out(METADATA, 0)
    elif file.role is FileRole.SNAPSHOT_META:
        yield from laid_out(META_HEADER, 0, off_by=_meta_off_by(file.meta), flip=file.meta.flip if file.meta else None)
    elif file.role in (FileRole.CLOSED_SEGMENT, FileRole.OPEN_SEGMENT):
        first = file.damage[0].flip if file.damage else None
        yield from laid_out(FORMAT_WORD, 0, flip=first)
        if file.segment is not None:
            yield from batch_fields(file.segment, file.damage, blob, start, end)


def _meta_off_by(meta: SnapshotMeta | None) -> dict[str, int]:
    if meta is None or meta.checksum_computed is None:
        return {}
    return {"checksum": meta.checksum_stored ^ meta.checksum_computed}
