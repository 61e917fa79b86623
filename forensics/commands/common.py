"""What commands share: the flags of every command."""

from __future__ import annotations

import argparse
import os

from forensics.commands.outputs import refuse_inside

__all__ = ["add_common", "jobs", "refuse_inside"]


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
    parser.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="threads that decode (default: one a core)")


def jobs(options: argparse.Namespace) -> int:
    """How many threads to decode with: as asked for, else one for each core that this process may use."""
    return int(options.jobs) or len(os.sched_getaffinity(0))


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _JOBS_MAX:
        raise argparse.ArgumentTypeError(f"{text} is not a number of 1 to {_JOBS_MAX}")
    return int(text)


_JOBS_MAX = 256  # each takes a buffer of a segment's size
