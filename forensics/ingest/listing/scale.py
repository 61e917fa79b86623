"""What the numbers of one listing count: bytes or blocks, thousands or 1024. Files whose sizes dqlite fixes tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forensics.ingest.files import Kind
from forensics.ingest.listing.rows import File
from forensics.ingest.listing.sizes import is_decimal, parse_size
from forensics.ingest.roles import FileRole, role_of
from forensics.limits import FILE_BYTES_MAX
from forensics.on_disk import METADATA_BYTES, SEGMENT_BYTES

_SEGMENTS = (FileRole.OPEN_SEGMENT, FileRole.CLOSED_SEGMENT)


def scaled(files: Iterable[File], *, bytes_asked: bool) -> list[File]:
    """The files of one block with their sizes as the block as a whole shows them to be meant.

    Args:
        files: of one block.
        bytes_asked: the command prints bytes (`wc -c`, `stat`, `du -b`).
    """
    listed = list(files)
    counts_bytes = bytes_asked or any(map(_proves_bytes, listed))
    decimal = any(map(_may_be_decimal, listed))
    return [_scaled(file, counts_bytes, decimal) for file in listed]


def _proves_bytes(file: File) -> bool:
    """Its exact size proves that bytes are counted: as blocks it would be 4 or 8192."""
    role = role_of(file.listed.name)
    exact = file.counted and file.listed.size_min == file.listed.size_max
    return exact and (
        (role is FileRole.METADATA and file.listed.size_min == METADATA_BYTES)
        or (role is FileRole.OPEN_SEGMENT and file.listed.size_min == SEGMENT_BYTES)
    )


def _may_be_decimal(file: File) -> bool:
    """`84k`; or a segment that would be larger than dqlite writes, and in powers of 1000 is not: 8.4M."""
    if file.printed is None:
        return False
    if is_decimal(file.printed):
        return True
    size = parse_size(file.printed, decimal=True)
    too_large = file.listed.size_min > SEGMENT_BYTES and role_of(file.listed.name) in _SEGMENTS
    return too_large and size is not None and size[0] <= SEGMENT_BYTES


def _scaled(file: File, counts_bytes: bool, decimal: bool) -> File:
    if file.printed is None or file.listed.kind is not Kind.FILE:
        return file
    size = parse_size(file.printed, decimal=decimal)
    if size is None or (file.counted and not counts_bytes):
        size = (0, FILE_BYTES_MAX)
    return replace(file, listed=replace(file.listed, size_min=size[0], size_max=size[1]))
