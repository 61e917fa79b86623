"""What ingest gives: files, and refusals of what was not read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from forensics.errors import UnreadableError
from forensics.evidence import Blob
from forensics.limits import IO_CHUNK_BYTES, TIME_MAX


class Kind(Enum):
    """What a file is, as its archive or directory says."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file, directory or link of an input.

    Attributes:
        path: its name in the report: relative, `/` between parts, `outer.tar!/inner` in nested archives.
        kind: see Kind.
        size: bytes as the archive or file system declares.
        blob: the content; None for what is no file, and for files that are of no interest.
        mtime: seconds since 1970 UTC, None where unknown.
        mode: permission bits, None where unknown.
        owner: `user:group` or numbers, None where unknown.
        target: of a link, as written.
        sha256: where it was computed on the way; else see `digest`.
        cut: the archive ends, or is damaged, inside this file: `blob` holds what could be read.
    """

    path: str
    kind: Kind
    size: int = 0
    blob: Blob | None = None
    mtime: float | None = None
    mode: int | None = None
    owner: str | None = None
    target: str | None = None
    sha256: str | None = None
    cut: bool = False

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The path without its last part; empty at the top."""
        return self.path.rpartition("/")[0]

    def digest(self) -> str | None:
        """SHA-256 of the content, in hex; None where there is no content."""
        if self.sha256 is not None or self.blob is None:
            return self.sha256
        return sha256_of(self.blob)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in an input that was not read.

    Attributes:
        path: the file's (escaped) name, or the input's.
        code: stable, kebab-case; those with a bound carry its name from limits.py.
        detail: one sentence with the reason.
        harmless: nothing of interest can hide behind it (a dangling link somewhere in a report).
    """

    path: str
    code: str
    detail: str
    harmless: bool = False


BROKEN = "reading-failed"
"""The code of a refusal where an error of this program ended the reading."""


def reason(error: Exception) -> str:
    """What ended the reading: what the system says of evidence that it cannot read, else the kind of damage."""
    return (isinstance(error, UnreadableError) and error.strerror) or type(error).__name__


def believable_time(seconds: float) -> float | None:
    """The time; None if no calendar has it, for an archive may claim any number."""
    return seconds if 0 <= seconds <= TIME_MAX else None


def sha256_of(blob: Blob) -> str:
    """SHA-256 of a whole blob, in hex."""
    if blob.hashed is not None:
        return blob.hashed
    hasher = hashlib.sha256()
    buffer = memoryview(bytearray(min(blob.size, IO_CHUNK_BYTES)))
    offset = 0
    while offset < blob.size and (got := blob.readinto(buffer, offset)):
        hasher.update(buffer[:got])
        offset += got
    return hasher.hexdigest()
