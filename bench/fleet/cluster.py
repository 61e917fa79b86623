"""A Dask cluster of processes, a worker and then the scheduler of which are killed: the same command goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_STARTS_SECONDS = 60
_FIRST_REPORTS = 5


class Cluster:
    """A scheduler and two workers of one thread each, on loopback."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._file.unlink(missing_ok=True)
        self.scheduler = self._start("scheduler", "--port", "0")
        _until(self._file.exists)
        self.workers = [self._start("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]
        self.address = str(json.loads(self._file.read_text())["address"])

    def _start(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        common = ("--scheduler-file", str(self._file), "--host", "127.0.0.1", "--no-dashboard")
        command = [sys.executable, "-m", "dask", what, *common, *more]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """All that is left of it."""
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()


@contextmanager
def _cluster(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.kill()


def run_with_kills(cases: Path, store: Path, folder: Path) -> dict[str, Any]:
    """What the last run took: the first lost a worker and then the scheduler, the second had both."""
    with _cluster(folder) as cluster:
        process = _start(cases, store, cluster)
        _until(lambda: _reports(store) >= _FIRST_REPORTS)
        cluster.workers[0].kill()
        _until(lambda: _reports(store) >= 2 * _FIRST_REPORTS)
        cluster.scheduler.kill()
        process.communicate()
    with _cluster(folder) as cluster:
        took: dict[str, Any] = json.loads(_start(cases, store, cluster).communicate()[0])
        return took


def _start(cases: Path, store: Path, cluster: Cluster) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.fleet.coordinator", str(cases), str(store), "2", cluster.address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _reports(store: Path) -> int:
    return sum(1 for _ in (store / "reports").glob("*.zst"))


def _until(done: Any) -> None:
    end = time.monotonic() + _STARTS_SECONDS
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
