"""The flags that every command has."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from forensics.budget import ALLOWED
from forensics.commands.outputs import refuse_inside

if TYPE_CHECKING:
    from forensics.facts.log.raft_log import Run

_INPUT_HELP = "a directory, an archive, a text file, or - for standard input"

__all__ = ["add_assume_member_lost", "add_common", "add_format", "held", "jobs", "refuse_inside"]


def add_common(parser: argparse.ArgumentParser, *, inputs: str | None = "+") -> None:
    """Add the flags of every command, and INPUT for a command that takes one."""
    if inputs is not None:
        parser.add_argument("inputs", nargs=inputs, metavar="INPUT", help=_INPUT_HELP)
    common = parser.add_argument_group("options of every command")
    common.add_argument("-q", "--quiet", action="store_true", help="print data only, no summary")
    common.add_argument("-v", "--verbose", action="count", default=0, help="print more")
    common.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="whether to print in colour (default: auto, which NO_COLOR turns off)",
    )
    common.add_argument("--no-progress", action="store_true", help="show no progress, not even on a terminal")
    common.add_argument(
        "--jobs", type=_jobs, default=0, metavar="N", help="decode with N threads (default: one for each core)"
    )
    common.add_argument(
        "--limit",
        type=_limit,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"let the run take more than usual; may be repeated. NAME is one of {', '.join(ALLOWED)}",
    )


def add_format(parser: argparse.ArgumentParser, *more: str) -> None:
    """Add --format: text, json, and more where the data is rows."""
    parser.add_argument(
        "--format", choices=("text", "json", *more), default="text", help="what to print the data as (default: text)"
    )


def add_assume_member_lost(parser: argparse.ArgumentParser) -> None:
    """Add --assume-member-lost."""
    parser.add_argument(
        "--assume-member-lost",
        metavar="N",
        action="append",
        default=[],
        help="answer as if this member, by name, id or address, had sent nothing and were lost for good; may be "
        "repeated",
    )


def held(nodes: Iterable[tuple[str, Sequence[Run]]]) -> str:
    """Which indexes there are, for the message of one that there is not: `n1: 1-309; n2: 5, 7-340; n3: none`."""
    return "; ".join(f"{name}: {', '.join(map(_range, runs)) or 'none'}" for name, runs in nodes)


def _range(run: Run) -> str:
    return str(run.first) if run.first == run.last else f"{run.first}-{run.last}"


def jobs(options: argparse.Namespace) -> int:
    """How many threads decode: as many as asked for, else one for each core that this process may use."""
    return int(options.jobs) or _cores()


def _cores() -> int:
    """That this process may use; where the system does not tell (macOS), all."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _limit(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    if name not in ALLOWED or not value.isascii() or not value.isdigit() or len(value) > _LIMIT_DIGITS_MAX:
        names = ", ".join(ALLOWED)
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE, a whole number for one of {names}")
    return name, int(value)


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _JOBS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_JOBS_MAX}")
    return int(text)


_LIMIT_DIGITS_MAX = 18  # an exabyte
_JOBS_MAX = 256  # each takes a buffer of a segment's size
