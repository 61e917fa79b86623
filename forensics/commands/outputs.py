"""Outputs of commands: never inside the evidence; one line says why an output cannot be written."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from forensics.errors import OutputError, UnreadableError, UsageError
from forensics.private_file import give_name, nameless

STDOUT = "-"


def refuse_inside(output: str, inputs: Iterable[str]) -> None:
    """Raise UsageError if an output is inside an input, or is one: evidence is never written to."""
    if output == STDOUT:
        return
    target = os.path.realpath(output)
    for path in inputs:
        evidence = os.path.realpath(path)
        if path != STDOUT and (os.path.commonpath([target, evidence]) == evidence or _same_file(target, evidence)):
            raise UsageError(f"{output} is inside the input {path}, which is never written to")


def make_directory(path: str) -> None:
    """Make the directory of `-o`. Raises UsageError where a file has that name, OutputError where it cannot be made."""
    try:
        os.makedirs(path, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{path} is a file, not a directory") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: {_why(error)}") from error


def check_writable(path: str) -> None:
    """Raise UsageError before the work begins, if an output file plainly cannot be written."""
    if path == STDOUT:
        return
    parent = os.path.dirname(path) or "."
    if os.path.isdir(path):
        raise UsageError(f"{path} is a directory, not a file")
    if not os.path.isdir(parent):
        raise UsageError(f"{path} cannot be written: there is no directory {parent}")


def write_output(path: str, text: str) -> None:
    """Write a file; `-` is standard output. Raises OutputError if that cannot be done.

    The text is written to a file beside, which then takes the place: half a report is never left there, and if the old
    file was a hard link to something else (to evidence), that stays as it is.
    """
    if path == STDOUT:
        sys.stdout.write(text)
        return
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # a device, a pipe
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        else:
            _replace(path, text)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: {_why(error)}") from error


@contextmanager
def new_file(path: str) -> Iterator[BinaryIO]:
    """A new file, readable for its owner alone, which has its name only once it is whole and on the disk.

    Raises UsageError where there is something of that name, OutputError where the file cannot be written. Nothing is
    left then.
    """
    try:
        with _Coming(path, 0o600) as coming:
            yield coming.file
            coming.file.flush()
            os.fsync(coming.file.fileno())
            coming.arrive()
    except UnreadableError:  # what should go into it: not the output's fault
        raise
    except FileExistsError:
        raise UsageError(f"{path} exists already: nothing is overwritten") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: {_why(error)}") from error


class _Coming:
    """A file that is to stand at `path`. Until it is whole it has no name, so that nothing is left of a killed process.

    Where the file system knows no file without a name, it stands beside `path` meanwhile.
    """

    def __init__(self, path: str, mode: int) -> None:
        self._path = path
        self._beside = f"{path}.{os.getpid()}.part"
        self._is_beside = False
        try:
            self._fd = nameless(os.path.dirname(path) or ".", mode)
        except OSError:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._fd, self._is_beside = os.open(self._beside, flags, mode), True
        self.file = os.fdopen(self._fd, "w+b")

    def __enter__(self) -> _Coming:
        return self

    def __exit__(self, *_: object) -> None:
        with self.file, suppress(OSError):
            if self._is_beside:
                os.unlink(self._beside)

    def arrive(self) -> None:
        """Give it its name: never over another file, even one that came a moment ago."""
        self.file.flush()
        if not self._is_beside:
            give_name(self._fd, self._path)
            return
        try:
            os.link(self._beside, self._path)
        except FileExistsError:
            raise
        except OSError:  # some file systems know no second name of a file
            if os.path.lexists(self._path):
                raise FileExistsError from None
            os.rename(self._beside, self._path)

    def replace(self) -> None:
        """Give it its name, which another file may have: that stays as it is under its other names."""
        self.file.flush()
        if not self._is_beside:
            give_name(self._fd, self._beside)
            self._is_beside = True
        os.replace(self._beside, self._path)


@contextmanager
def new_directory(path: str) -> Iterator[Path]:
    """A new directory that has its name only once all is in it.

    Raises UsageError where there is something of that name, OutputError where it cannot be written.
    """
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already: nothing is overwritten")
    beside = Path(f"{path.rstrip('/')}.{os.getpid()}.part")
    try:
        beside.mkdir(mode=0o700)
        yield beside
        beside.rename(path)
    except UnreadableError:  # of the evidence: not the output's fault
        raise
    except OSError as error:
        raise OutputError(f"{path}: {_why(error)}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _replace(path: str, text: str) -> None:
    with _Coming(path, 0o666) as coming:
        coming.file.write(text.encode("utf-8"))
        coming.replace()


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
