"""Archives → members. tarfile and zipfile read the headers; contents are taken in place, never unpacked.

A plain tar's members are ranges of the file itself. Members of a compressed archive pass by once: those that
`keep` asks for go to memory (small) or to the private spool, the others are only hashed.
"""

from __future__ import annotations

import hashlib
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO, Self, cast

from forensics.evidence import Blob, BytesBlob
from forensics.ingest.member import Kind, Member, Refusal, believable_time
from forensics.ingest.paths import normal, printable, refusal_of_name
from forensics.ingest.spool import Spool, SpoolFullError
from forensics.ingest.streams import BlobFile, ForwardReader, compression_of, open_compressed
from forensics.limits import (
    ARCHIVE_BYTES_MAX,
    COMPRESSION_RATIO_MAX,
    HEADER_READ_BYTES_MAX,
    IO_CHUNK_BYTES,
    MEMBER_BYTES_MAX,
    MEMBERS_MAX,
    MEMORY_MEMBER_BYTES_MAX,
    RATIO_GRACE_BYTES,
    RESYNC_BLOCKS_MAX,
    SPARSE_GRACE_BYTES,
)

Keep = Callable[[str], bool]
Item = Member | Refusal


def is_archive(blob: Blob) -> bool:
    """The first bytes are those of an archive that can be read here (a compressed file is taken for a tar)."""
    return archive_kind(blob) is not None


def archive_kind(blob: Blob) -> str | None:
    """`tar`, `zip`, `tar.gzip`, `tar.xz`, …; None for anything else."""
    head = blob.read(0, 512)
    compression = compression_of(head)
    if compression:
        return f"tar.{compression}"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "tar" if _is_tar_header(head) else None


def read_archive(blob: Blob, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    """All members of one archive, in its order, and what was refused of it.

    Args:
        blob: the archive.
        prefix: put before each member's name (`""`, or `outer.tar!/`).
        keep: whether a member of that path is wanted with its content.
        spool: for contents that cannot be read at random.
    """
    kind = archive_kind(blob)
    if kind == "zip":
        items = _zip_items(blob, prefix, keep, spool)
    elif kind == "tar":
        items = _plain_tar_items(blob, prefix)
    else:
        items = _stream_items(blob, prefix, (kind or "").removeprefix("tar."), keep, spool)
    yield from _distinct(items)


def _distinct(items: Iterator[Item]) -> Iterator[Item]:
    """Refuse a name that comes a second time (the first one stays), and what exceeds MEMBERS_MAX."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Member):
            if item.path in seen:
                if item.kind is not Kind.DIRECTORY:
                    yield Refusal(item.path, "name-duplicate", "the same name came before; the first one is used")
                continue
            if len(seen) >= MEMBERS_MAX:
                yield Refusal(item.path, "MEMBERS_MAX", f"more than {MEMBERS_MAX} members; the rest is not read")
                return
            seen.add(item.path)
        yield item


# --- tar ---


class _TarInfo(tarfile.TarInfo):
    """tarfile passes over blocks that are no header; this notes that there were such, and whether there was an end."""

    bad_blocks = 0
    zero_blocks = 0  # an archive ends with at least one, and padding may follow

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            cls.bad_blocks += type(error).__name__ in _DAMAGED_HEADERS
            cls.zero_blocks += type(error).__name__ == "EOFHeaderError"
            if cls.bad_blocks > RESYNC_BLOCKS_MAX:
                raise _GiveUpError from None
            raise


# The other kinds of tarfile.HeaderError are the natural end: an empty read, a block of zeros.
_DAMAGED_HEADERS = ("InvalidHeaderError", "TruncatedHeaderError")


class _GiveUpError(Exception):
    """RESYNC_BLOCKS_MAX is met."""


def _is_tar_header(head: bytes) -> bool:
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
    except (tarfile.TarError, OSError, ValueError, _GiveUpError) as error:
        yield Refusal(label, "archive-unreadable", f"not a tar archive ({type(error).__name__})")
        return
    while True:
        before = Header.bad_blocks
        at = tar.offset
        try:
            info = tar.next()
        except _GiveUpError:
            yield Refusal(
                label, "RESYNC_BLOCKS_MAX", f"no tar header found in {RESYNC_BLOCKS_MAX} blocks after byte {at}"
            )
            return
        except (tarfile.TarError, OSError, ValueError, OverflowError) as error:
            yield Refusal(label, "archive-damaged", f"reading stopped near byte {at} ({type(error).__name__})")
            return
        if Header.bad_blocks > before:
            blocks = Header.bad_blocks - before
            yield Refusal(
                label, "archive-damaged", f"{blocks} blocks from byte {at} on are no tar header; reading went on"
            )
        if info is None:
            if not Header.zero_blocks:  # a cut between two members would otherwise look like an end
                yield Refusal(label, "archive-cut", f"the archive has no end: nothing follows byte {at}")
            return
        tar.members = []  # type: ignore[attr-defined] # tarfile keeps every header otherwise
        yield tar, info


def _plain_tar_items(blob: Blob, prefix: str) -> Iterator[Item]:
    source = BlobFile(blob)
    label = prefix.removesuffix("!/") or blob.path
    for item in _tar_headers(source, label):  # type: ignore[arg-type]
        if isinstance(item, Refusal):
            yield item
            continue
        _, info = item
        member = _describe(info, prefix)
        if isinstance(member, Member) and member.kind is Kind.FILE and not info.islnk():
            member = _with_range(member, info, blob)
        yield member


def _with_range(member: Member, info: tarfile.TarInfo, blob: Blob) -> Member:
    """The member with its content as a range of the archive itself."""
    if info.issparse():
        sparse = SparseBlob(member.path, info.size, blob, info.offset_data, _pieces(info))
        return replace(member, blob=sparse, cut=blob.size < sparse.end)
    there = max(min(info.size, blob.size - info.offset_data), 0)
    part = RangeBlob(member.path, there, blob, info.offset_data)
    return replace(member, blob=part, cut=there < info.size)


def _stream_items(blob: Blob, prefix: str, compression: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    reader = open_compressed(blob, compression)
    label = prefix.removesuffix("!/") or blob.path
    for item in _tar_headers(reader, label):  # type: ignore[arg-type]
        if isinstance(item, Refusal):
            if reader.damage is None and reader.refused is None:
                yield item
            continue
        tar, info = item
        member = _describe(info, prefix)
        if isinstance(member, Member) and member.kind is Kind.FILE and not info.islnk():
            source = tar.extractfile(info) if info.issparse() else _Window(reader, info)
            if source is not None:
                member = _take(member, source, keep, spool)
        yield member
    if reader.damage:
        yield Refusal(label, "archive-cut", f"{reader.damage} after {reader.tell()} decompressed bytes")
    elif reader.refused:
        yield Refusal(label, reader.refused, f"the limit {reader.refused} was met after {reader.tell()} bytes")


class _Window:
    """A member's bytes, straight from the stream (tarfile's own reader copies them twice more)."""

    def __init__(self, reader: ForwardReader, info: tarfile.TarInfo) -> None:
        reader.seek(info.offset_data)
        self._reader = reader
        self._left = info.size if reader.tell() == info.offset_data else 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none only at the end."""
        piece = self._reader.read_some(min(size, self._left))
        self._left -= len(piece)
        return piece


def _describe(info: tarfile.TarInfo, prefix: str) -> Item:
    """Name, kind and attributes of a tar member, or the refusal of it."""
    refused = refusal_of_name(info.name)
    path = prefix + printable(info.name)
    if refused:
        return Refusal(path[:200], *refused)
    path = prefix + normal(printable(info.name))
    if info.size > MEMBER_BYTES_MAX:
        return Refusal(path, "MEMBER_BYTES_MAX", f"declares {info.size} bytes; the limit is {MEMBER_BYTES_MAX}")
    if info.issparse() and info.size > SPARSE_GRACE_BYTES:
        stored = sum(size for _, size in _pieces(info))
        if info.size > COMPRESSION_RATIO_MAX * max(stored, 1):
            return Refusal(path, "COMPRESSION_RATIO_MAX", f"{stored} stored bytes would become {info.size} (sparse)")
    owner = f"{info.uname or info.uid}:{info.gname or info.gid}"
    common = (believable_time(float(info.mtime)), info.mode & 0o7777, printable(owner))
    if info.isdir():
        return Member(path, Kind.DIRECTORY, 0, None, *common)
    if info.issym():
        return Member(path, Kind.LINK, 0, None, *common, target=printable(info.linkname))
    if info.islnk():
        # A hard link is another name of an earlier member; its target counts from the archive's top.
        up = "../" * (normal(info.name).count("/"))
        return Member(path, Kind.LINK, 0, None, *common, target=up + normal(printable(info.linkname)))
    if info.isreg() or info.issparse():
        return Member(path, Kind.FILE, info.size, None, *common)
    return Refusal(path, "device", f"a device or pipe (tar type {info.type!r})", harmless=True)


# --- zip ---


def _zip_items(blob: Blob, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    label = prefix.removesuffix("!/") or blob.path
    try:
        archive = zipfile.ZipFile(io.BufferedReader(BlobFile(blob)))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Refusal(label, "archive-unreadable", f"not a readable zip archive ({type(error).__name__})")
        return
    total = 0
    for info in archive.infolist():
        total += info.file_size
        limit = "ARCHIVE_BYTES_MAX" if total > ARCHIVE_BYTES_MAX else "COMPRESSION_RATIO_MAX"
        if total > min(ARCHIVE_BYTES_MAX, max(RATIO_GRACE_BYTES, COMPRESSION_RATIO_MAX * blob.size)):
            yield Refusal(label, limit, f"{blob.size} bytes would become {total} or more; the rest is not read")
            return
        yield _zip_item(archive, info, prefix, keep, spool)


def _zip_item(archive: zipfile.ZipFile, info: zipfile.ZipInfo, prefix: str, keep: Keep, spool: Spool) -> Item:
    refused = refusal_of_name(info.filename)
    if refused:
        return Refusal((prefix + printable(info.filename))[:200], *refused)
    path = prefix + normal(printable(info.filename))
    mode = info.external_attr >> 16
    if info.is_dir():
        return Member(path, Kind.DIRECTORY, mode=(mode & 0o7777) or None)
    if info.file_size > MEMBER_BYTES_MAX:
        return Refusal(path, "MEMBER_BYTES_MAX", f"declares {info.file_size} bytes; the limit is {MEMBER_BYTES_MAX}")
    if info.file_size > RATIO_GRACE_BYTES and info.file_size > COMPRESSION_RATIO_MAX * max(info.compress_size, 1):
        return Refusal(path, "COMPRESSION_RATIO_MAX", f"{info.compress_size} bytes would become {info.file_size}")
    try:
        with archive.open(info) as source:
            if stat.S_ISLNK(mode):
                target = printable(source.read(HEADER_READ_BYTES_MAX).decode("utf-8", "surrogateescape"))
                return Member(path, Kind.LINK, target=target)
            member = Member(path, Kind.FILE, info.file_size, mode=(mode & 0o7777) or None)
            return _take(member, source, keep, spool)
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or a method that zipfile lacks
        return Refusal(path, "member-unreadable", str(error)[:200])
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        return Refusal(path, "archive-damaged", f"the member cannot be read ({type(error).__name__})")


# --- contents ---


class RangeBlob(Blob):
    """A range of another blob under a name of its own."""

    def __init__(self, path: str, size: int, base: Blob, start: int) -> None:
        self.path = path
        self.size = size
        self._base = base
        self._start = start

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        wanted = self.size - offset if length is None else min(length, self.size - offset)
        return self._base.read(self._start + offset, wanted) if wanted > 0 else b""

    def readinto(self, buffer: memoryview, offset: int = 0) -> int:
        """See Blob.readinto."""
        wanted = min(len(buffer), self.size - offset)
        return self._base.readinto(buffer[:wanted], self._start + offset) if wanted > 0 else 0


class SparseBlob(Blob):
    """A sparse member of a plain tar: its stored pieces, zeros between them. Nothing is held in memory.

    Args:
        path, size: of the member.
        base, start: the archive, and where the pieces lie in it, one behind the other.
        pieces: (offset in the file, size) of each, in order.
    """

    def __init__(self, path: str, size: int, base: Blob, start: int, pieces: list[tuple[int, int]]) -> None:
        self.path = path
        self.size = size
        self._base = base
        self._pieces: list[tuple[int, int, int]] = []
        for offset, length in pieces:
            self._pieces.append((offset, length, start))
            start += length
        self.end = start

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        end = self.size if length is None else min(offset + length, self.size)
        if end <= offset:
            return b""
        content = bytearray(end - offset)
        for first, size, where in self._pieces:
            low, high = max(first, offset), min(first + size, end)
            if low < high:
                got = self._base.read(where + low - first, high - low)
                content[low - offset : low - offset + len(got)] = got
        return bytes(content)


def _pieces(info: tarfile.TarInfo) -> list[tuple[int, int]]:
    """Offset and size of each stored piece, as far as they lie inside the file."""
    listed = cast(list[tuple[int, int]], info.sparse or [])
    return [(offset, size) for offset, size in listed if 0 <= offset <= info.size and 0 <= size <= info.size - offset]


def _take(member: Member, source: IO[bytes] | _Window, keep: Keep, spool: Spool) -> Member | Refusal:
    """Read a passing content: kept in memory or in the spool where wanted, else only hashed."""
    if not keep(member.path):
        return _hashed(member, source)
    if member.size <= MEMORY_MEMBER_BYTES_MAX:
        content = _exactly(source, member.size)
        return replace(member, blob=BytesBlob(member.path, content), cut=len(content) < member.size)
    spool.begin()
    try:
        while piece := source.read(IO_CHUNK_BYTES):
            spool.write(piece)
    except SpoolFullError:
        return Refusal(member.path, "SPOOL_BYTES_MAX", "the private temporary space is full")
    blob = spool.blob(member.path)
    return replace(member, blob=blob, cut=blob.size < member.size)


def _hashed(member: Member, source: IO[bytes] | _Window) -> Member:
    hasher = hashlib.sha256()
    size = 0
    while piece := source.read(IO_CHUNK_BYTES):
        hasher.update(piece)
        size += len(piece)
    return replace(member, cut=size < member.size, sha256=hasher.hexdigest())


def _exactly(source: IO[bytes] | _Window, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := source.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
