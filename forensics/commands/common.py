"""What commands share: the flags of every command, and writing outputs safely."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable

from forensics.errors import UsageError


def add_common(parser: argparse.ArgumentParser, *, inputs: str | None = "+") -> None:
    """Flags that every command has, and INPUT where it takes one."""
    if inputs is not None:
        parser.add_argument("inputs", nargs=inputs, metavar="INPUT", help="directory, archive, text file, or - (stdin)")
    parser.add_argument("-q", "--quiet", action="store_true", help="only data, no summary")
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("--no-progress", action="store_true")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="worker processes (default: one a core)")


def refuse_inside(output: str, inputs: Iterable[str]) -> None:
    """Raise UsageError where an output path lies inside an input: evidence is never written to."""
    target = os.path.realpath(output)
    for path in inputs:
        evidence = os.path.realpath(path)
        if path != "-" and (target == evidence or target.startswith(evidence + os.sep)):
            raise UsageError(f"{output} lies inside the input {path}")
