"""`python -m bench.fleet` (`make fleetbench`): measures each row of docs/fleet.md#measured, and prints the table.

The cases are made anew in a temporary folder, some 60 KB each. On a quiet machine of two cores 2,000 of them take about
a quarter of an hour, most of it hangs that wait for their deadlines, the run that is killed, and the comparison with
`analyze`.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.__main__ import machine
from bench.fleet.cluster import run_with_kills
from bench.fleet.compare import different_reports, same_tables
from bench.fleet.growth import growth
from bench.fleet.kills import killed_and_resumed, start
from bench.fleet.made import Cases, make
from forensics.fleet.questions import asking
from forensics.fleet.store import Store
from forensics.limits import MIB

TASKS = 10_000
KILLS = 10
SPEEDUP_CASES = 400
CLUSTER_CASES = 60
SMALL_CPU_MAX = 0.4
SPEEDUP_MIN = 1.7
SCHEDULER_MAX = 300 * MIB
TOP_SECONDS_MAX = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what, what is to be reached, what was measured."""

    what: str
    reach: str
    measured: str
    reached: bool

    def line(self) -> str:
        """As Markdown."""
        return f"| {self.what} | {self.reach} | {self.measured} | {'yes' if self.reached else '**no**'} |"


def main() -> int:
    """Measure, and print each row as it is known."""
    parser = argparse.ArgumentParser(prog="python -m bench.fleet")
    parser.add_argument("--cases", type=int, default=2000, help="so many cases (default: 2000)")
    parser.add_argument("--compare", type=int, default=0, help="reports to compare with `analyze` (default: all)")
    parser.add_argument("--seed", type=int, default=18, help="what the choices are made from (default: 18)")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="fleet-bench-") as scratch:
        cases = make(Path(scratch) / "cases", options.cases, chance)
        print(f"{machine()}; {options.cases} cases, {cases.duplicates} of them duplicates\n", flush=True)
        print("| what | to reach | measured | |\n|---|---|---|---|", flush=True)
        reached = []
        for row in _rows(cases, Path(scratch), options.compare or options.cases, chance):
            print(row.line(), flush=True)
            reached.append(row.reached)
        print(f"\n{growth(Store(str(Path(scratch) / 'whole')))}")
    return 0 if all(reached) else 1


def _rows(cases: Cases, scratch: Path, compare: int, chance: random.Random) -> Iterator[Row]:
    whole = scratch / "whole"
    took = _took(cases.folder, whole, 2)
    yield _states(cases, Store(str(whole)))
    yield from _processor(Store(str(whole)), took)
    yield _speedup(cases, scratch)
    yield _scheduler()
    yield from _kills(cases, scratch, took["seconds"], chance)
    yield _cluster_killed(cases, scratch)
    compared, different = different_reports(cases.folder, Store(str(whole)), compare)
    yield Row(f"{compared} reports against `analyze`, one by one", "byte-equal", f"{different} differ", not different)
    yield _top(whole)


def _took(cases: Path, store: Path, workers: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(start(cases, store, workers).communicate()[0])
    return found


def _states(cases: Cases, store: Store) -> Row:
    with asking(store) as questions:
        ended = {name.partition("/")[2]: state for name, state in questions.rows("SELECT name, state FROM cases")}
    wrong = [name for name, state in cases.expected.items() if ended.get(name) != state]
    counts = ", ".join(
        f"{sum(one == state for one in ended.values())} {state}" for state in sorted(set(ended.values()))
    )
    return Row("states", "all right", f"{counts}; {len(wrong)} wrong", not wrong and len(ended) == len(cases.expected))


def _processor(store: Store, took: dict[str, Any]) -> Iterator[Row]:
    """Of the cases that were judged: what their children took; and what all took together, for each case."""
    with asking(store) as questions:
        ((judged, mean, median, worst),) = questions.rows(
            "SELECT count(*), avg(cpu), median(cpu), max(cpu) FROM cases WHERE state = 'ok' AND NOT reused"
        )
    told = f"{mean:.2f} s on average, median {median:.2f}, at most {worst:.2f} ({judged} cases)"
    yield Row("processor of a small case, in a warm child", "≤ 0.4 s", told, mean <= SMALL_CPU_MAX)
    each = took["own_cpu"] / took["cases"]
    peak = took["own_peak"] / MIB
    yield Row("processor of the run itself, each case", "-", f"{each:.3f} s; at most {peak:.0f} MiB of memory", True)
    rate = took["cases"] / took["seconds"]
    yield Row("all cases, two workers", "-", f"{took['seconds']:.0f} s: {rate:.1f} cases a second", True)


def _speedup(cases: Cases, scratch: Path) -> Row:
    """The largest cases, all of them to be judged, for hangs wait and duplicates cost nothing."""
    some = scratch / "some"
    some.mkdir()
    distinct = [name for name in cases.expected if not name.startswith(("again-", "poison-"))]
    names = sorted(distinct, key=lambda name: (cases.folder / name).stat().st_size)[-SPEEDUP_CASES:]
    for name in names:
        (some / name).symlink_to(cases.folder / name)
    seconds = {workers: _took(some, scratch / f"by-{workers}", workers)["seconds"] for workers in (1, 2)}
    told = f"{seconds[1]:.0f} s and {seconds[2]:.0f} s: {seconds[1] / seconds[2]:.2f} times"
    reached = seconds[1] >= SPEEDUP_MIN * seconds[2]
    return Row(f"one worker and two, the {len(names)} largest cases", f"≥ {SPEEDUP_MIN} times", told, reached)


def _scheduler() -> Row:
    command = [sys.executable, "-m", "bench.fleet.scheduler", str(TASKS)]
    begun = time.monotonic()
    peak = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    each = (time.monotonic() - begun) / TASKS * 1000
    told = f"{peak / MIB:.0f} MiB, client and workers' threads included; {each:.1f} ms a task"
    return Row(f"scheduler at {TASKS} tasks", "< 300 MiB", told, peak < SCHEDULER_MAX)


def _kills(cases: Cases, scratch: Path, seconds: float, chance: random.Random) -> Iterator[Row]:
    store = scratch / "killed"
    killed = killed_and_resumed(cases.folder, store, KILLS, 2 * seconds / (KILLS + 1), chance)
    told = f"{killed.kills} kills; {killed.again} judged again, {killed.unreadable} unreadable"
    good = not killed.again and not killed.unreadable
    yield Row("killed (SIGKILL) at ten random moments, and resumed", "no finished case again", told, good)
    same = same_tables(Store(str(scratch / "whole")), Store(str(store)))
    yield Row("its tables against those of the run that was not killed", "the same rows", str(same).lower(), same)


def _cluster_killed(cases: Cases, scratch: Path) -> Row:
    """Some of the cases, on a Dask cluster of processes."""
    few = scratch / "few"
    few.mkdir()
    names = sorted(cases.expected)[:CLUSTER_CASES]
    for name in names:
        (few / name).symlink_to(cases.folder / name)
    store = scratch / "by-cluster"
    took = run_with_kills(few, store, scratch)
    with asking(Store(str(store))) as questions:
        ended = {name.partition("/")[2]: state for name, state in questions.rows("SELECT name, state FROM cases")}
    wrong = len(names) - sum(ended.get(name) == cases.expected[name] for name in names)
    told = f"{wrong} wrong of {len(names)}; {took['cases']} were left for the second run"
    what = "a Dask cluster: a worker killed, then the scheduler; the same command again"
    return Row(what, "all states right", told, not wrong)


def _top(store: Path) -> Row:
    seconds = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    for by in ("rule", "fault", "product", "version", "week"):
        begun = time.monotonic()
        command = [sys.executable, "-m", "forensics", "fleet", "top", "--by", by, "--store", str(store)]
        subprocess.run(command, capture_output=True, check=True)
        seconds.append(time.monotonic() - begun)
    processor = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) / len(seconds)
    told = f"{min(seconds):.2f} to {max(seconds):.2f} s, start of Python included; {processor:.2f} s of processor"
    return Row("`fleet top`, five questions", "< 1 s", told, max(seconds) < TOP_SECONDS_MAX)


if __name__ == "__main__":
    sys.exit(main())
