"""The terminal: its colours, its width, and a line of progress that only a terminal gets."""

from __future__ import annotations

import argparse
import os
import pydoc
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from forensics.barrier import stage
from forensics.shown import plain

if TYPE_CHECKING:
    from forensics.budget import Budget
    from forensics.commands.progress_bar import Bar
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


def linker(options: argparse.Namespace) -> Callable[[str], str]:
    """A function that makes a file's path one to click on (OSC 8), where there is colour."""
    if not wants_color(options):
        return lambda path: path
    return lambda path: f"\x1b]8;;{Path(path).resolve().as_uri()}\x1b\\{path}\x1b]8;;\x1b\\"


def show(text: str, out: TextIO) -> None:
    """Print; where that is more than the terminal's lines, through $PAGER or `less`."""
    if not out.isatty() or text.count("\n") < shutil.get_terminal_size().lines:
        out.write(text)
        return
    os.environ.setdefault("LESS", "FRX")  # colours; the text stays when it ends
    pydoc.pager(text)


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
    """A line on standard error that says what is being done, how fast, and how long it will take.

    Only a terminal gets it.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self._on = sys.stderr.isatty() and not options.no_progress and not options.quiet
        self._bar: Bar | None = None

    def __enter__(self) -> Progress:
        if self._on:
            from forensics.commands.progress_bar import Bar  # noqa: PLC0415 - rich only where somebody looks

            self._bar = Bar()
            self._bar.start()
        return self

    def say(self, what: str) -> None:
        """Say this instead of what was said before."""
        if self._bar:
            self._bar.say(what)

    def watch(self, budget: Budget, total: int | None) -> None:
        """Show how much of the inputs' bytes were read; `total` is None where that is not known before."""
        if self._bar:
            self._bar.watch(budget, total)

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()
