"""The name of a report in the store: the same for the same bytes, judged by the same program in the same way."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import forensics
from forensics import __version__
from forensics.fleet.model import Settings


@cache
def program_digest() -> str:
    """SHA-256 of the program's own files: rules, and all that they judge by."""
    root = Path(forensics.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def variant(settings: Settings) -> str:
    """SHA-256 of all but the inputs that a report depends on: version, rules, options."""
    parts = (__version__, program_digest(), repr(settings.as_of), repr(sorted(settings.limits)), *settings.beside)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def key_of(paths: Iterable[str], settings: Settings) -> str:
    """Of a case whose inputs lie on this machine. Raises OSError where one cannot be read.

    Names of the inputs do not count: the same upload under another name is the same report. Of a directory, the names,
    contents and times of its files count.
    """
    inputs = sorted(map(_input_digest, paths))
    return hashlib.sha256("\0".join((variant(settings), *inputs)).encode()).hexdigest()


def _input_digest(path: str) -> str:
    if not os.path.isdir(path):
        return _content(path)
    digest = hashlib.sha256()
    for line in sorted(_lines(path)):
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _lines(top: str) -> Iterator[str]:
    for directory, _, names in os.walk(top):
        yield f"{os.path.relpath(directory, top)}/\n"
        for name in names:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            yield f"{os.path.relpath(path, top)} {status.st_mtime_ns} {status.st_mode} {_file(path, status)}\n"


def _file(path: str, status: os.stat_result) -> str:
    """What lies at a path that nobody may read tells nothing, and what is no file has no content."""
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(path)
    if not stat.S_ISREG(status.st_mode):
        return "-"
    try:
        return _content(path)
    except OSError as error:
        return str(error.errno)


def _content(path: str) -> str:
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(0, "neither a file nor a directory", path)
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
