"""Copies written as the input was: a directory, or an archive of the same kind, its files in the same order."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from forensics.check.build import compressed
from forensics.check.tree import RECORDED
from forensics.ingest.files import InputFile, Kind

_KINDS = {
    "tar": "tar",
    "tar.gzip": "tar.gz",
    "tar.xz": "tar.xz",
    "tar.bzip2": "tar.bz2",
    "tar.zstd": "tar.zst",
    "tar.lz4": "tar.lz4",
}
_TAR_TYPES = {Kind.FILE: tarfile.REGTYPE, Kind.DIRECTORY: tarfile.DIRTYPE, Kind.LINK: tarfile.SYMTYPE}
_ZIP_TYPES = {Kind.FILE: stat.S_IFREG, Kind.DIRECTORY: stat.S_IFDIR, Kind.LINK: stat.S_IFLNK}
_ZIP_DATES = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of a copy; `file` is the original's entry, of which kind, times and permissions stay."""

    path: str
    file: InputFile
    content: bytes = b""
    target: str = ""

    @property
    def mtime(self) -> int:
        """Seconds since 1970 UTC."""
        return RECORDED if self.file.mtime is None else int(self.file.mtime)

    @property
    def mode(self) -> int:
        """Permission bits; where the archive says none, those of a file that its owner alone may read."""
        usual = 0o700 if self.file.kind is Kind.DIRECTORY else 0o600
        return usual if self.file.mode is None else self.file.mode & 0o7777


def packed(files: Sequence[Copied], kind: str, *, ends: bool) -> bytes:
    """An archive of the kind that `ingest` names. Without its end where the original had none."""
    return _zip(files) if kind == "zip" else compressed(_tar(files, ends=ends), _KINDS[kind])


def _tar(files: Sequence[Copied], *, ends: bool) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for one in files:
            if one.file.kind not in _TAR_TYPES:
                continue
            info = tarfile.TarInfo(one.path)
            info.type, info.mode, info.mtime, info.linkname = _TAR_TYPES[one.file.kind], one.mode, one.mtime, one.target
            info.uname = info.gname = "root"
            if one.file.kind is Kind.FILE:
                info.size = one.file.size if one.file.cut else len(one.content)
            tar.addfile(info, None)
            start = buffer.tell()
            buffer.write(one.content)
            if one.file.cut:
                return buffer.getvalue()
            buffer.write(bytes(-len(one.content) % tarfile.BLOCKSIZE))
            tar.offset += buffer.tell() - start
        if not ends:
            return buffer.getvalue()
    return buffer.getvalue()


def _zip(files: Sequence[Copied]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for one in files:
            if one.file.kind not in _ZIP_TYPES:
                continue
            folder = one.file.kind is Kind.DIRECTORY
            info = zipfile.ZipInfo(f"{one.path}/" if folder else one.path, _ZIP_DATES)
            info.external_attr = (_ZIP_TYPES[one.file.kind] | one.mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, one.target.encode() if one.file.kind is Kind.LINK else one.content)
    return buffer.getvalue()


def write_directory(files: Sequence[Copied], root: Path) -> None:
    """All of them below a new directory. Times of directories last: what is written into them changes them."""
    root.mkdir(mode=0o700)
    for one in files:
        where = root / one.path
        where.parent.mkdir(parents=True, exist_ok=True)
        if one.file.kind is Kind.DIRECTORY:
            where.mkdir(exist_ok=True)
        elif one.file.kind is Kind.LINK:
            where.symlink_to(one.target)
        elif one.file.kind is Kind.SOCKET:
            with suppress(OSError):  # a file system without sockets
                os.mknod(where, stat.S_IFSOCK | one.mode)
        else:
            where.write_bytes(one.content)
            where.chmod(one.mode)
            os.utime(where, (one.mtime, one.mtime))
    for one in reversed(files):
        if one.file.kind is Kind.DIRECTORY:
            (root / one.path).chmod(one.mode | stat.S_IRWXU)
            os.utime(root / one.path, (one.mtime, one.mtime))
