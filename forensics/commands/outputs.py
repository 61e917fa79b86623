"""Outputs of commands: never inside the evidence; one line says why an output cannot be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from forensics.errors import UsageError

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
