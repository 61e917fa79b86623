"""`python -m bench [ROW...]`: measures each row of docs/performance.md, and prints the table.

The data is made where a row needs it and kept in the user's cache, or in $BENCH_DIR. That of state directories is made
by real dqlite (fixtures/make/bench_data.py): Debian's go-dqlite, libdqlite-dev and libraft-dev are needed, and 40 GB of
disk. What is compared runs in turn, in the same minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench import rows
from bench.table import Bench, Row
from fixtures.make import bench_data


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("row", nargs="*", choices=[*rows.ALL, []], help="rows to measure; all, where none is named")
    parser.add_argument("--rounds", type=int, default=3, help="runs that count, of each contestant (default: 3)")
    parser.add_argument("--scale", type=int, default=1, help="sosreports and journals of one Nth (default: 1)")
    options = parser.parse_args()
    bench_data.directory().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=bench_data.directory()) as scratch:
        bench = Bench(Path(scratch), options.rounds, options.scale)
        print(f"{machine()}; medians of {options.rounds} rounds\n", flush=True)
        print("| work | against | reach | measured | |\n|---|---|---|---|---|", flush=True)
        started = time.monotonic()
        results = [_print(row) for name in options.row or rows.ALL for row in rows.ALL[name](bench)]
        print(f"\n{(time.monotonic() - started) / 60:.1f} minutes")
        shutil.rmtree(scratch, ignore_errors=True)
        Path(scratch).mkdir()
    return 0 if all(row.reached for row in results) else 1


def _print(row: Row) -> Row:
    print(
        f"| {row.work} | {row.against} | {row.reach} | {row.measured} | {'yes' if row.reached else '**no**'} |",
        flush=True,
    )
    return row


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    cores, busy = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return f"{model}, {cores} cores, Python {platform.python_version()}; load before the run {busy:.1f}"


if __name__ == "__main__":
    sys.exit(main())
