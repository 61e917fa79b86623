"""Writes a repaired directory: beside its place, renamed when it is whole. What is killed leaves no half directory.

What it leaves beside, the next run for the same place removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Final

from forensics.errors import InputError, OutputError, UnreadableError, UsageError
from forensics.limits import IO_CHUNK_BYTES
from forensics.repair.contents import Contents, FileContent, MadeFile

_PART: Final = ".part"
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Written:
    """One file: its size in bytes, SHA-256 of the evidence, and of what was written.

    Attributes:
        before: None for a file that is made anew.
    """

    content: FileContent | MadeFile
    size: int
    before: str | None
    after: str


def write(
    contents: Contents, directory: str, ledger: Callable[[Path, tuple[Written, ...]], Mapping[str, str]]
) -> Mapping[str, str]:
    """Write all files and the ledger into a new directory; gives the ledger's texts, by file.

    Args:
        contents: what to write.
        directory: where; it must not exist.
        ledger: more files, by name: from the folder and from what was written into it.

    Raises UsageError where it exists, OutputError where it cannot be written, InputError where a file of the evidence
    changed meanwhile. Nothing is left then.
    """
    target = Path(os.path.abspath(directory))
    if os.path.lexists(target):
        raise UsageError(f"{directory} exists already: repair writes a new directory")
    try:
        _clear(target)
        with _beside(target) as beside:
            written = tuple(_write(content, beside) for content in contents.files)
            texts = ledger(beside, written)
            for name, text in texts.items():
                _put(beside / name, iter([text.encode("utf-8")]))
            _sync(beside)
            beside.rename(target)
        _sync(target.parent)
    except UnreadableError:  # the evidence, not the new directory
        raise
    except OSError as error:
        raise OutputError(f"{directory}: {error.strerror or error}") from error
    return texts


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder that becomes the target, or goes. Its lock says that somebody still writes into it."""
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=_PART, dir=target.parent))
    lock = os.open(beside, _FOLDER)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield beside
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _clear(target: Path) -> None:
    """Remove what runs left that were killed while they wrote this very directory: it holds secrets, too."""
    for left in target.parent.glob(f".{escape(target.name)}.*{_PART}"):
        if left.is_symlink() or not left.is_dir() or left.stat().st_uid != os.geteuid():
            continue
        lock = os.open(left, _FOLDER)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:  # of a run that goes on
            continue
        finally:
            os.close(lock)


def _write(content: FileContent | MadeFile, folder: Path) -> Written:
    return _make(content, folder) if isinstance(content, MadeFile) else _copy(content, folder)


def _make(content: MadeFile, folder: Path) -> Written:
    after = hashlib.sha256()
    size = 0

    def pieces() -> Iterator[bytes]:
        nonlocal size
        for piece in content.content():
            after.update(piece)
            size += len(piece)
            yield piece

    _put(folder / content.name, pieces())
    return Written(content, size, None, after.hexdigest())


def _copy(content: FileContent, folder: Path) -> Written:
    before, after = hashlib.sha256(), hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        offset = 0
        for piece in content.blob.chunks(IO_CHUNK_BYTES):
            before.update(piece)
            changed = _changed(content, piece, offset)
            after.update(changed)
            offset += len(piece)
            yield changed
        if offset != content.blob.size:
            raise InputError(content.blob.path, "changed while it was read")

    _put(folder / content.name, pieces())
    return Written(content, content.blob.size, before.hexdigest(), after.hexdigest())


def _changed(content: FileContent, piece: bytes, offset: int) -> bytes:
    data = bytearray(piece)
    for change in content.changes:
        at = change.offset - offset
        if 0 <= at < len(data):
            if data[at] != change.old:
                raise InputError(content.blob.path, "changed while it was read")
            data[at] = change.new
    return bytes(data)


def _put(path: Path, pieces: Iterator[bytes]) -> None:
    """A new file, readable for its owner alone, on the disk when this returns."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    fd = os.open(folder, _FOLDER)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
