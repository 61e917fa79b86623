"""Archives made file by file, for what tar and zip allow and nobody should believe."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import lz4.frame
import zstandard

from forensics.ingest.content import Item
from forensics.ingest.files import InputFile, Refusal
from forensics.ingest.source import open_source, read_source
from forensics.ingest.spool import Spool

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "tar": lambda data: data,
    "tar.gz": lambda data: gzip.compress(data, mtime=0),
    "tar.bz2": bz2.compress,
    "tar.xz": lambda data: lzma.compress(data, preset=0),
    # With checksums, as the command-line tools write them.
    "tar.zst": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
    "tar.lz4": lambda data: bytes(lz4.frame.compress(data, content_checksum=True)),
}


def file(name: str, content: bytes = b"content\n") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(content), 1_700_000_000, 0o600
    return info, content


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def link(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    return special(name, tarfile.SYMTYPE, target)


def tar(*files: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for info, content in files:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def bomb() -> bytes:
    """Some 3 KB that become 40 archives of 500 MB each: no single step grows more than its limit allows."""
    zeros = gzip.compress(tar(file("n1/open-1", bytes(500_000_000))), 9)
    return lzma.compress(tar(*(file(f"{number}.tar.gz", zeros) for number in range(40))))


class Taken:
    """What ingest made of one input: contents by path, kinds, and the codes of what it refused."""

    def __init__(self, items: Iterable[Item]) -> None:
        found = list(items)
        self.files = {item.path: item for item in found if isinstance(item, InputFile)}
        self.refusals = [item for item in found if isinstance(item, Refusal)]
        self.contents = {path: item.blob.read() for path, item in self.files.items() if item.blob}

    @property
    def codes(self) -> list[str]:
        return [refusal.code for refusal in self.refusals]


def take(path: Path, keep: Callable[[str], bool] = lambda _: True) -> Taken:
    """Everything of one input, with its contents."""
    with Spool() as spool:
        return Taken(list(read_source(open_source(str(path), spool), "", keep, spool)))


def take_bytes(folder: Path, data: bytes, name: str = "input.tar") -> Taken:
    where = folder / name
    where.write_bytes(data)
    return take(where)
