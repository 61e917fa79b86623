"""A line of the benchmark's table, and what all of them are measured with."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.run import TOOL, Spent, process
from fixtures.make import bench_data

ANY_VERDICT = (0, 1, 4)
"""Exit codes of `analyze` that say what was found, and not that it failed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    work: str
    against: str
    reach: str
    measured: str
    reached: bool


@dataclass
class Bench:
    """The data, and a directory for what is written.

    Attributes:
        scratch: what is written lies here.
        count: runs that count, of each contestant.
        scale: sosreports and journals are one Nth of their size.
    """

    scratch: Path
    count: int
    scale: int = 1

    def set(self, name: str) -> Path:
        """A set of state directories, made by real dqlite where it is not there yet."""
        return bench_data.ensure(name)

    @cached_property
    def archive(self) -> Path:
        """The large set as .tar.gz."""
        return self.packed("large")

    def packed(self, name: str) -> Path:
        """A set as .tar.gz, made once and kept beside it."""
        target = self.set(name) / "n1.tar.gz"
        if not target.exists():
            part = target.with_suffix(".part")
            with tarfile.open(part, "w:gz", compresslevel=6) as archive:
                archive.add(self.set(name) / "n1", "n1")
            part.rename(target)
        return target

    def analyze(self, source: Path, *flags: str) -> Spent:
        """A whole `analyze` with HTML and JSON."""
        output = self.scratch / "report"
        shutil.rmtree(output, ignore_errors=True)
        return process([*TOOL, "analyze", str(source), "-o", str(output), "-q", *flags], ok=ANY_VERDICT)


@contextmanager
def one_core() -> Iterator[None]:
    """This process and its children, on one core alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
