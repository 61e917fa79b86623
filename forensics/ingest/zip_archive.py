"""Files of a zip archive."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from forensics.barrier import stage
from forensics.budget import LimitError
from forensics.evidence import Blob
from forensics.ingest.content import Item, Keep, absolute, take
from forensics.ingest.files import BROKEN, InputFile, Kind, Refusal, reason
from forensics.ingest.paths import normal, printable, refusal_of_name
from forensics.ingest.spool import Spool
from forensics.ingest.streams import BlobFile
from forensics.limits import (
    FILE_BYTES_MAX,
    HEADER_READ_BYTES_MAX,
)

_ENCRYPTED = 1  # bit 0 of the general purpose flags: APPNOTE.TXT 4.4.4
# What zipfile and the decompressors under it raise on damage.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, OverflowError, EOFError)


def zip_items(blob: Blob, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    label = prefix.removesuffix("!/") or blob.path
    try:
        archive = zipfile.ZipFile(io.BufferedReader(BlobFile(blob)))
    except (*_DAMAGE, NotImplementedError) as error:
        yield Refusal(label, "archive-unreadable", f"not a readable zip archive ({reason(error)}): copy it again")
        return
    for info in archive.infolist():
        try:
            spool.budget.unpack(info.file_size)
        except LimitError as error:
            why = spool.budget.why(str(error))
            yield Refusal(label, str(error), f"{why}; from {printable(info.filename)[:200]} on nothing is read")
            return
        if info.filename.endswith("/") and not normal(info.filename):  # is_dir() fails on an empty name
            continue  # the folder itself
        yield from absolute(info.filename, prefix)
        yield _zip_item(info, prefix, archive, keep, spool)


def _unread(info: zipfile.ZipInfo, prefix: str, *_: object) -> Refusal:
    return Refusal((prefix + printable(info.filename))[:200], BROKEN, "an error of this program ended the reading")


@stage(
    "reading a file of a zip archive", lambda info, prefix, *_: prefix + printable(info.filename), _unread, told=True
)
def _zip_item(info: zipfile.ZipInfo, prefix: str, archive: zipfile.ZipFile, keep: Keep, spool: Spool) -> Item:
    refused = refusal_of_name(info.filename)
    if refused:
        return Refusal((prefix + printable(info.filename))[:200], *refused)
    path = prefix + normal(printable(info.filename))
    mode = info.external_attr >> 16
    if info.is_dir():
        return InputFile(path, Kind.DIRECTORY, mode=(mode & 0o7777) or None)
    if info.file_size > FILE_BYTES_MAX:
        return Refusal(path, "FILE_BYTES_MAX", f"declares {info.file_size} bytes; the limit is {FILE_BYTES_MAX}")
    if spool.budget.is_bomb(info.file_size, info.compress_size):
        return Refusal(path, "COMPRESSION_RATIO_MAX", f"{info.compress_size} bytes would become {info.file_size}")
    if info.flag_bits & _ENCRYPTED:
        return Refusal(path, "encrypted", "encrypted: unpack it with its password, and give the folder")
    try:
        with archive.open(info) as source:
            if stat.S_ISLNK(mode):
                target = printable(source.read(HEADER_READ_BYTES_MAX).decode("utf-8", "surrogateescape"))
                return InputFile(path, Kind.LINK, target=target)
            file = InputFile(path, Kind.FILE, info.file_size, mode=(mode & 0o7777) or None)
            return take(file, source, keep, spool)
    except (RuntimeError, NotImplementedError) as error:  # a method that zipfile lacks
        return Refusal(path, "file-unreadable", str(error)[:200])
    except _DAMAGE as error:
        return Refusal(path, "archive-damaged", f"it cannot be read ({reason(error)})")
