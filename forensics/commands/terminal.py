"""The terminal: whether it gets colour, how wide it is, and a progress line that only a terminal sees."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from typing import TextIO


def wants_color(options: argparse.Namespace, stream: TextIO | None = None) -> bool:
    """--color, else NO_COLOR (no-color.org: any value but empty), else whether it is a terminal that can."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return (stream or sys.stdout).isatty()


def painter(options: argparse.Namespace) -> Callable[[str, str], str]:
    """A function that gives text the colour of a severity, a level, or `bold`; none where colour is off."""
    if not wants_color(options):
        return lambda text, _: text
    from forensics.report.text import painted  # noqa: PLC0415 - heavy imports only where used

    return painted


def width() -> int:
    """Columns to fill."""
    return min(shutil.get_terminal_size((100, 24)).columns, 120)


class Progress:
    """One line on standard error that says what is being done; silent anywhere but on a terminal."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._on = sys.stderr.isatty() and not options.no_progress and not options.quiet

    def __enter__(self) -> Progress:
        return self

    def say(self, what: str) -> None:
        """Replace the line."""
        if self._on:
            sys.stderr.write(f"\r\x1b[K{what[: width() - 1]}")
            sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
