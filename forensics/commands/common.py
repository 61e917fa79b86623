"""What commands share: the flags of every command."""

from __future__ import annotations

import argparse

from forensics.commands.outputs import refuse_inside

__all__ = ["add_common", "refuse_inside"]


def add_common(parser: argparse.ArgumentParser, *, inputs: str | None = "+") -> None:
    """Flags that every command has, and INPUT where it takes one."""
    if inputs is not None:
        parser.add_argument("inputs", nargs=inputs, metavar="INPUT", help="directory, archive, text file, or - (stdin)")
    parser.add_argument("-q", "--quiet", action="store_true", help="only data, no summary")
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more")
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="default: auto; NO_COLOR is heeded"
    )
    parser.add_argument("--no-progress", action="store_true", help="no progress line, not even on a terminal")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="worker processes (default: one a core)")
