"""Outputs of commands: never inside the evidence; one line says why an output cannot be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from forensics.errors import UnreadableError, UsageError

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
    """Make the directory of `-o`. Raises UsageError if that cannot be done."""
    try:
        os.makedirs(path, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {_why(error)}") from error


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
    """Write a file; `-` is standard output. Raises UsageError if that cannot be done.

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
        raise UsageError(f"{path}: {_why(error)}") from error


@contextmanager
def new_file(path: str) -> Iterator[BinaryIO]:
    """A new file, readable for its owner alone, which has its name only once it is whole and on the disk.

    Raises UsageError where there is something of that name, or the file cannot be written. Nothing is left then.
    """
    beside = f"{path}.{os.getpid()}.part"
    try:
        fd = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(fd, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _give_name(beside, path)
        finally:
            with suppress(OSError):
                os.unlink(beside)
    except UnreadableError:  # what should go into it: not the output's fault
        raise
    except FileExistsError:
        raise UsageError(f"{path} exists already: nothing is overwritten") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {_why(error)}") from error


def _give_name(beside: str, path: str) -> None:
    """Never over another file, even one that came a moment ago; some file systems know no second name of a file."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError from None
        os.rename(beside, path)


def _replace(path: str, text: str) -> None:
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
