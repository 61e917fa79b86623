"""The terminal: its colours, its width, and a line of progress that only a terminal gets."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from forensics.barrier import stage
from forensics.shown import plain

if TYPE_CHECKING:
    from forensics.report.document import Document


def wants_color(options: argparse.Namespace, stream: TextIO | None = None) -> bool:
    """By --color; else not if NO_COLOR is set and not empty (no-color.org); else if this is a terminal with colours."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return (stream or sys.stdout).isatty()


def painter(options: argparse.Namespace) -> Callable[[str, str], str]:
    """A function that paints text by a severity, a level or `bold`; it changes nothing where colour is off."""
    if not wants_color(options):
        return lambda text, _: text
    from forensics.report.text import painted  # noqa: PLC0415 - heavy imports only where used

    return painted


def width() -> int:
    """How many columns to fill."""
    return min(shutil.get_terminal_size((100, 24)).columns, 120)


@stage(
    "writing the report",
    lambda *_, **__: "text",
    lambda document, *_, **__: plain(f"{document.verdict.summary}\n"),
    needed=True,
)
def as_text(document: Document, options: argparse.Namespace, *, short: bool = False) -> str:
    """The report for this terminal, or its headline; where making it breaks, what the verdict says."""
    from forensics.report.text import render_short, render_text  # noqa: PLC0415 - heavy imports only where used

    if short:
        return render_short(document)
    return render_text(document, color=wants_color(options), width=width(), verbose=options.verbose)


class Progress:
    """A line on standard error that says what is being done. Only a terminal gets it."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._on = sys.stderr.isatty() and not options.no_progress and not options.quiet

    def __enter__(self) -> Progress:
        return self

    def say(self, what: str) -> None:
        """Say this instead of what was said before."""
        if self._on:
            sys.stderr.write(f"\r\x1b[K{what[: width() - 1]}")
            sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
