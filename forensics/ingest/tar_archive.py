"""Files of a tar archive: of a plain one as ranges of it, of a compressed one as they pass by."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any, Final, Self

from forensics.barrier import stage
from forensics.budget import Budget, LimitError
from forensics.evidence import Blob
from forensics.ingest.content import Item, Keep, RangeBlob, SparseBlob, absolute, pieces_of, take
from forensics.ingest.files import BROKEN, InputFile, Kind, Refusal, believable_time, reason
from forensics.ingest.paths import normal, printable, refusal_of_name
from forensics.ingest.spool import Spool
from forensics.ingest.streams import BlobFile, ForwardReader, open_compressed
from forensics.limits import (
    FILE_BYTES_MAX,
    HEADER_READ_BYTES_MAX,
    PAX_BYTES_MAX,
    PAX_DIGITS_MAX,
    PAX_GLOBAL_RECORDS_MAX,
    RESYNC_BLOCKS_MAX,
    SPARSE_GRACE_BYTES,
)


class _TarInfo(tarfile.TarInfo):
    """tarfile passes over blocks that are no header; this notes that there were such, and whether there was an end."""

    bad_blocks = 0
    zero_blocks = 0  # an archive ends with at least one, and padding may follow
    dropped_records = 0  # pax headers that are passed over, since tarfile would take too long for them

    @classmethod
    def fromtarfile(cls, tar: tarfile.TarFile) -> Self:
        """Not `frombuf`, which the security releases of 2026 pass by."""
        try:
            return super().fromtarfile(tar)
        except tarfile.HeaderError as error:
            cls.bad_blocks += type(error).__name__ in _DAMAGED_HEADERS
            cls.zero_blocks += type(error).__name__ == "EOFHeaderError"
            if cls.bad_blocks > RESYNC_BLOCKS_MAX:
                raise _GiveUpError from None
            raise

    def _proc_member(self, tar: Any) -> Any:
        """As tarfile does it, unless it would go back for the header, or take a whole disk into memory."""
        if self.size < 0 or (self.type in _READ_WHOLE and self.size > HEADER_READ_BYTES_MAX):
            raise tarfile.InvalidHeaderError("an impossible size")  # type: ignore[attr-defined,unused-ignore]
        return super()._proc_member(tar)  # type: ignore[misc] # tarfile's own hook, which its stubs do not have

    def _proc_pax(self, tar: Any) -> Any:
        """As tarfile does it, without the records where they are hostile: the file goes by its plain name then."""
        source = tar.fileobj
        content = source.read(-(-self.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE)
        if _is_hostile(content, everywhere=self.type == tarfile.XGLTYPE):
            type(self).dropped_records += 1
            content = b""
        tar.fileobj = _Ahead(content, source)
        try:
            return super()._proc_pax(tar)  # type: ignore[misc] # as above
        finally:
            tar.fileobj = source


_MANY_DIGITS: Final = re.compile(rb"\d{%d}" % PAX_DIGITS_MAX)


def _is_hostile(records: bytes, *, everywhere: bool) -> bool:
    """Pax records that take tarfile more than linear time, alone or with each file that they are for."""
    if everywhere and records.count(b"=") > PAX_GLOBAL_RECORDS_MAX:
        return True
    return len(records) > PAX_BYTES_MAX or _MANY_DIGITS.search(records) is not None


class _Ahead:
    """A file of which something was read already: that comes first."""

    def __init__(self, content: bytes, source: IO[bytes]) -> None:
        self._content: bytes | None = content
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def read(self, size: int) -> bytes:
        content, self._content = self._content, None
        return self._source.read(size) if content is None else content


# Headers whose content tarfile takes into memory: long names, and pax records.
_READ_WHOLE = (*tarfile.GNU_TYPES[:2], tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)

# The other kinds of tarfile.HeaderError are the natural end: an empty read, a block of zeros.
_DAMAGED_HEADERS = ("InvalidHeaderError", "TruncatedHeaderError")


# What tarfile raises on damage: on sparse maps that end too early an IndexError, on chains of long names and of pax
# records, each of which it takes for a part of the next, a RecursionError.
_DAMAGE = (tarfile.TarError, OSError, ValueError, OverflowError, IndexError, RecursionError)


class _GiveUpError(Exception):
    """RESYNC_BLOCKS_MAX is met."""


def is_tar_header(head: bytes) -> bool:
    if len(head) < 512:
        return False
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _tar_headers(source: IO[bytes], label: str) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo] | Refusal]:
    """Headers in order, going on behind damaged ones, with a refusal for each run of bytes that is none."""

    class Header(_TarInfo):
        """Counts for this archive alone."""

    try:
        tar = tarfile.open(  # noqa: SIM115 - closed with the source that it reads
            fileobj=source, mode="r:", tarinfo=Header, ignore_zeros=True, errors="surrogateescape"
        )
    except (*_DAMAGE, _GiveUpError) as error:
        yield Refusal(label, "archive-unreadable", f"not a tar archive ({reason(error)})")
        return
    yield from _headers_of(tar, Header, label)


def _headers_of(
    tar: tarfile.TarFile, header: type[_TarInfo], label: str
) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo] | Refusal]:
    """See _tar_headers. `header` counts what is none: of the first one, which opening has read already, too."""
    last, before, dropped = -1, 0, 0
    while True:
        at = tar.offset
        info = _next_header(tar, label)
        if isinstance(info, Refusal):
            yield info
            return
        if header.bad_blocks > before:
            blocks, before = header.bad_blocks - before, header.bad_blocks
            why = f"{blocks} blocks from byte {at} on are no tar header; reading went on"
            yield Refusal(label, "archive-damaged", why)
        if header.dropped_records > dropped:
            count, dropped = header.dropped_records - dropped, header.dropped_records
            yield Refusal(label, "archive-damaged", f"{count} pax headers near byte {at} hold too much: passed over")
        if info is None or info.offset <= last:
            yield from _end(info, header, at, label)
            return
        tar.members = []  # type: ignore[attr-defined] # tarfile keeps every header otherwise
        last = info.offset
        if not (info.isdir() and not normal(info.name)):  # `tar c .` begins with the folder itself: nothing in it
            yield tar, info


def _next_header(tar: tarfile.TarFile, label: str) -> tarfile.TarInfo | Refusal | None:
    """None at the end."""
    at = tar.offset
    try:
        return tar.next()
    except _GiveUpError:
        why = f"no tar header found in {RESYNC_BLOCKS_MAX} blocks after byte {at}"
        return Refusal(label, "RESYNC_BLOCKS_MAX", why)
    except _DAMAGE as error:
        return Refusal(label, "archive-damaged", f"reading stopped near byte {at} ({reason(error)})")


def _end(info: tarfile.TarInfo | None, header: type[_TarInfo], at: int, label: str) -> Iterator[Refusal]:
    """What is wrong with where the headers end."""
    if info is not None:  # a pax record may claim a negative size
        yield Refusal(label, "archive-damaged", f"the header before byte {at} leads back; reading stopped")
    elif not header.zero_blocks:  # a cut between two files would otherwise look like an end
        yield Refusal(label, "archive-cut", f"the archive has no end: nothing follows byte {at}")


def plain_items(blob: Blob, prefix: str, budget: Budget) -> Iterator[Item]:
    source = BlobFile(blob)
    label = prefix.removesuffix("!/") or blob.path
    for item in _tar_headers(source, label):  # type: ignore[arg-type]
        if isinstance(item, Refusal):
            yield item
            continue
        _, info = item
        yield from absolute(info.name, prefix)
        yield _in_place(info, prefix, blob, budget)


def _unread(info: tarfile.TarInfo, prefix: str, *_: object) -> Refusal:
    return Refusal((prefix + printable(info.name))[:200], BROKEN, "an error of this program ended the reading")


@stage("reading a file of a tar archive", lambda info, prefix, *_: prefix + printable(info.name), _unread, told=True)
def _in_place(info: tarfile.TarInfo, prefix: str, blob: Blob, budget: Budget) -> Item:
    """What a header tells of; a file with its content as a range of the archive."""
    file = _describe(info, prefix, budget)
    if isinstance(file, InputFile) and file.kind is Kind.FILE and not info.islnk():
        return _with_range(file, info, blob)
    return file


def _with_range(file: InputFile, info: tarfile.TarInfo, blob: Blob) -> InputFile:
    """The file with its content as a range of the archive itself."""
    if info.issparse():
        sparse = SparseBlob(file.path, info.size, blob, info.offset_data, pieces_of(info))
        return replace(file, blob=sparse, cut=blob.size < sparse.end)
    there = max(min(info.size, blob.size - info.offset_data), 0)
    part = RangeBlob(file.path, there, blob, info.offset_data)
    return replace(file, blob=part, cut=there < info.size)


def stream_items(blob: Blob, prefix: str, compression: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    with open_compressed(blob, compression, spool.budget) as reader:
        label = prefix.removesuffix("!/") or blob.path
        for item in _tar_headers(reader, label):  # type: ignore[arg-type]
            if not isinstance(item, Refusal):
                yield from absolute(item[1].name, prefix)
                yield _passing(item[1], prefix, item[0], reader, keep, spool)
            elif reader.damage is None and reader.refused is None:
                yield item
        if reader.damage:
            yield Refusal(label, "archive-cut", f"{reader.damage} after {reader.tell()} decompressed bytes")
        elif reader.refused:
            yield Refusal(label, reader.refused, f"after {reader.tell()} bytes: {spool.budget.why(reader.refused)}")


@stage("reading a file of a stream", lambda info, prefix, *_: prefix + printable(info.name), _unread, told=True)
def _passing(
    info: tarfile.TarInfo, prefix: str, tar: tarfile.TarFile, reader: ForwardReader, keep: Keep, spool: Spool
) -> Item:
    """What a header tells of; a file with its content, where that is wanted."""
    file = _describe(info, prefix, spool.budget)
    if isinstance(file, Refusal) or file.kind is not Kind.FILE or info.islnk():
        return file
    source = _Sparse(tar, info) if info.issparse() else _Window(reader, info)
    return take(file, source, keep, spool)


class _Window:
    """A file's bytes, straight from the stream (tarfile's own reader copies them twice more)."""

    def __init__(self, reader: ForwardReader, info: tarfile.TarInfo) -> None:
        reader.seek(info.offset_data)
        self._reader = reader
        self._left = info.size if reader.tell() == info.offset_data else 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none only at the end."""
        piece = self._reader.read_some(min(size, self._left))
        self._left -= len(piece)
        return piece


class _Sparse:
    """A sparse file's bytes, as tarfile puts them together."""

    def __init__(self, tar: tarfile.TarFile, info: tarfile.TarInfo) -> None:
        self._source = tar.extractfile(info)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end, which may be that of the archive."""
        try:
            return self._source.read(size) if self._source is not None else b""
        except tarfile.ReadError:
            return b""


def _why_not_filled(info: tarfile.TarInfo, budget: Budget) -> str:
    """The limit that forbids to fill a sparse file's holes; empty where none does."""
    stored = sum(size for _, size in pieces_of(info))
    if budget.is_bomb(info.size, stored, SPARSE_GRACE_BYTES):
        return "COMPRESSION_RATIO_MAX"
    try:
        budget.unpack(max(info.size - stored, 0))
    except LimitError as error:
        return str(error)
    return ""


def _describe(info: tarfile.TarInfo, prefix: str, budget: Budget) -> Item:
    """Name, kind and attributes of a file in a tar, or the refusal of it."""
    refused = refusal_of_name(info.name)
    path = prefix + printable(info.name)
    if refused:
        return Refusal(path[:200], *refused)
    path = prefix + normal(printable(info.name))
    if info.size > FILE_BYTES_MAX:
        return Refusal(path, "FILE_BYTES_MAX", f"declares {info.size} bytes; the limit is {FILE_BYTES_MAX}")
    if info.issparse() and (limit := _why_not_filled(info, budget)):
        return Refusal(path, limit, f"its sparse form would become {info.size} bytes: {budget.why(limit)}")
    owner = f"{info.uname or info.uid}:{info.gname or info.gid}"
    common = (believable_time(float(info.mtime)), info.mode & 0o7777, printable(owner))
    if info.isdir():
        return InputFile(path, Kind.DIRECTORY, 0, None, *common)
    if info.issym():
        return InputFile(path, Kind.LINK, 0, None, *common, target=printable(info.linkname))
    if info.islnk():
        # A hard link is another name of an earlier file; its target counts from the archive's top.
        up = "../" * (normal(info.name).count("/"))
        return InputFile(path, Kind.LINK, 0, None, *common, target=up + normal(printable(info.linkname)))
    if info.isreg() or info.issparse():
        return InputFile(path, Kind.FILE, info.size, None, *common)
    return Refusal(path, "device", f"a device or pipe (tar type {info.type!r})", harmless=True)
