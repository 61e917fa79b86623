"""The standard streams, made fit to be used: open, and of an encoding that everything can be written in."""

from __future__ import annotations

import io
import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))  # by their numbers


def make_usable() -> None:
    """Open closed streams to nowhere, and let no character be one too many.

    A closed stream's number would go to the next file that is opened, and what is printed into that file. What is no
    terminal gets UTF-8 whatever the locale says, for JSON and HTML are UTF-8; a terminal gets escapes for what it has
    not.
    """
    for name, mode in _STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))  # noqa: SIM115 - until the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
