"""One input as the user named it → its files: a directory, an archive, or a single text file; nested archives too."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.budget import LimitError
from forensics.errors import InputError, UnreadableError
from forensics.evidence import Blob, PathBlob
from forensics.ingest.archive import archive_kind, read_archive
from forensics.ingest.content import Item, Keep, counted
from forensics.ingest.directory import read_directory
from forensics.ingest.files import InputFile, Kind, Refusal
from forensics.ingest.foreign import HEAD_BYTES, why_no_text, why_unusable
from forensics.ingest.paths import printable
from forensics.ingest.roles import FileRole, role_of
from forensics.ingest.spool import Spool, SpoolFullError
from forensics.limits import ARCHIVE_DEPTH_MAX, IO_CHUNK_BYTES

_ARCHIVE_SUFFIXES = (
    ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".tar.lz4", ".zip",
)  # fmt: skip
# Backups that products leave in a state directory: another state of the same node, listed but not taken for a node.
_NOT_FOLLOWED = ("recovery_db.tar.gz", "db_backup.", "recovery-k8s-dqlite-", "lxd_recovery_db.tar.gz")


@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Attributes:
        name: base name as the user gave it; `-` for standard input.
        kind: `directory`, `tar`, `tar.gzip`, …, `zip`, `text`.
        size: bytes; of a directory 0 here (the sum of its files).
        blob: the file; None for a directory.
        where: path on this machine; never shown.
        unusable: what it is and what to do with it, where no evidence can be read of it; else None.
    """

    name: str
    kind: str
    size: int
    blob: Blob | None
    where: str
    unusable: str | None = None


def open_source(path: str, spool: Spool) -> Source:
    """Look at an input without reading it. Raises InputError where that is not possible."""
    if path == "-":
        return _standard_input(spool)
    name = printable(os.path.basename(os.path.normpath(path)) or "root")
    if name == ".":
        name = printable(os.path.basename(os.path.abspath(path)) or "root")
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise InputError(path, getattr(error, "strerror", None) or "not a valid path") from error
    if stat.S_ISDIR(status.st_mode):
        if not os.access(path, os.R_OK | os.X_OK):
            raise InputError(path, "no permission to read it")
        return Source(name, "directory", 0, None, path)
    if not stat.S_ISREG(status.st_mode):
        raise InputError(path, "neither a file nor a directory")
    if not os.access(path, os.R_OK):
        raise InputError(path, "no permission to read it")
    try:
        return _of_file(name, PathBlob(name, status.st_size, os.path.realpath(path)), path)
    except UnreadableError as error:
        raise InputError(path, error.strerror or "it cannot be read") from error


def _of_file(name: str, blob: Blob, where: str) -> Source:
    head, kind = blob.read(0, HEAD_BYTES), archive_kind(blob)
    named = role_of(name) is not FileRole.UNKNOWN  # a file of a state directory, by itself
    why = why_unusable(head) or (why_no_text(head) if kind is None and not named else None)
    return Source(name, kind or "text", blob.size, blob, where, why)


def read_source(source: Source, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    """All files of an input, nested archives included.

    Args:
        source: the input.
        prefix: put before each path, where several inputs are read together.
        keep: which files of compressed archives are wanted with their content.
        spool: private space for those.
    """

    def wanted(path: str) -> bool:
        return keep(path) or _is_nested(path)

    try:
        spool.budget.take("INPUT_BYTES_MAX", source.size)
    except LimitError as error:
        yield Refusal(prefix or source.name, str(error), spool.budget.why(str(error)))
        return
    items: Iterator[Item]
    if source.blob is None:
        items = _folder(source, prefix, wanted, spool)
    elif source.kind == "text":
        items = iter([InputFile(prefix.removesuffix("/") or source.name, Kind.FILE, source.size, source.blob)])
    else:
        items = read_archive(source.blob, prefix, wanted, spool)
    yield from _nested(items, wanted, spool, 1)


def _folder(source: Source, prefix: str, keep: Keep, spool: Spool) -> Iterator[Item]:
    """A directory's items. Each file that is wanted adds to what may come out of the archives in it."""
    budget = spool.budget
    with budget.reading(0) as folder:
        for item in counted(read_directory(source.where, prefix), prefix or source.name, budget):
            given = item.size if isinstance(item, InputFile) and item.blob is not None and keep(item.path) else 0
            try:
                budget.take("INPUT_BYTES_MAX", given)
            except LimitError as error:
                yield Refusal(item.path, str(error), budget.why(str(error)))
                continue
            folder.given += given
            yield item


def _nested(items: Iterator[Item], keep: Keep, spool: Spool, depth: int) -> Iterator[Item]:
    for item in items:
        yield item
        if not isinstance(item, InputFile) or item.blob is None or not _is_nested(item.path):
            continue
        try:
            kind = archive_kind(item.blob)
        except UnreadableError as error:
            yield Refusal(item.path, "unreadable", f"it cannot be read: {error.strerror}")
            continue
        if kind is None:
            continue
        if depth >= ARCHIVE_DEPTH_MAX:
            yield Refusal(item.path, "ARCHIVE_DEPTH_MAX", f"archives are nested deeper than {ARCHIVE_DEPTH_MAX}")
            continue
        inner = read_archive(item.blob, f"{item.path}!/", keep, spool)
        yield from _nested(inner, keep, spool, depth + 1)


def _is_nested(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(_ARCHIVE_SUFFIXES) and not name.startswith(_NOT_FOLLOWED)


def _standard_input(spool: Spool) -> Source:
    try:
        spool.begin()
        while piece := sys.stdin.buffer.read(IO_CHUNK_BYTES):
            spool.write(piece)
        return _of_file("-", spool.blob("-"), "-")
    except SpoolFullError as error:
        raise InputError("-", str(error)) from error
    except UnreadableError as error:
        raise InputError("-", error.strerror or "it cannot be read") from error
