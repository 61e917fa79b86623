"""Timing of functions and processes, side by side: each round runs all contestants, the median of the rounds counts."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

# As an installed tool runs: with bytecode that was compiled once.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
TOOL = (sys.executable, "-m", "forensics")


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run took, or the median of several.

    Attributes:
        wall: seconds on the clock.
        cpu: seconds of all its processors.
        peak: MiB of memory at its peak; of several runs the most.
        spread: the least and the most `wall` of several runs.
    """

    wall: float
    cpu: float
    peak: float = 0.0
    spread: tuple[float, float] | None = None

    def __str__(self) -> str:
        """`5.5 s (5.3 to 5.9; 8.2 s of processors)`."""
        low, high = self.spread or (self.wall, self.wall)
        return f"{self.wall:.2f} s ({low:.2f} to {high:.2f}; {self.cpu:.2f} s of processors)"


def process(command: Sequence[str], ok: Sequence[int] = (0,), given: Path | None = None) -> Spent:
    """Run a command to its end, `given` as its input. Raises RuntimeError where its exit code is none of `ok`."""
    started = time.perf_counter()
    with given.open("rb") if given else nullcontext(subprocess.DEVNULL) as source:
        child = subprocess.Popen(
            command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_ENVIRONMENT
        )
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    code = child.returncode = os.waitstatus_to_exitcode(status)
    said = child.stderr.read().decode(errors="replace") if child.stderr else ""
    if code not in ok:
        raise RuntimeError(f"{' '.join(command)}: exit code {code}: {said[-500:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def here(work: Callable[[], object]) -> Spent:
    """Run a function of this process."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def rounds(contestants: Mapping[str, Callable[[], Spent]], count: int, warm: int = 1) -> dict[str, Spent]:
    """The median of each contestant over `count` rounds, behind `warm` that warm the caches and do not count."""
    taken: dict[str, list[Spent]] = {name: [] for name in contestants}
    for number in range(count + warm):
        for name, run in contestants.items():
            spent = run()
            if number >= warm:
                taken[name].append(spent)
    return {name: _median(spent) for name, spent in taken.items()}


def _median(spent: Sequence[Spent]) -> Spent:
    return Spent(
        statistics.median(one.wall for one in spent),
        statistics.median(one.cpu for one in spent),
        max(one.peak for one in spent),
        (min(one.wall for one in spent), max(one.wall for one in spent)),
    )
