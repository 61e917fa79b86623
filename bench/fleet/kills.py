"""A run that is killed again and again, and what it left: nothing is done twice, nothing is half written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forensics.fleet.store import Store

_FIRST_SECONDS = 2.0  # before that a run has judged nothing


@dataclass(frozen=True, slots=True)
class Killed:
    """What ten kills did.

    Attributes:
        kills: how many met a run that was not finished.
        again: finished cases that were judged again.
        unreadable: files of the store that cannot be read.
    """

    kills: int
    again: int
    unreadable: int


def start(cases: Path, store: Path, workers: int) -> subprocess.Popen[str]:
    """A run of the benchmark's coordinator, in a session of its own."""
    command = [sys.executable, "-m", "bench.fleet.coordinator", str(cases), str(store), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def killed_and_resumed(cases: Path, store: Path, kills: int, seconds: float, chance: random.Random) -> Killed:
    """Kill a run of two workers so often, within so many seconds each, and then let it come to its end."""
    met, seen = 0, dict[str, tuple[int, int]]()
    again = unreadable = 0
    for _ in range(kills):
        process = start(cases, store, 2)
        time.sleep(chance.uniform(_FIRST_SECONDS, max(seconds, _FIRST_SECONDS + 1)))
        met += process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        again += _changed(store, seen)
        unreadable += sum(1 for _ in _unreadable(store))
    start(cases, store, 2).communicate()
    again += _changed(store, seen)
    return Killed(met, again, unreadable + sum(1 for _ in _unreadable(store)))


def _changed(store: Path, seen: dict[str, tuple[int, int]]) -> int:
    """Reports and notes of what was set aside that were written anew since they were seen; all are seen then."""
    changed = 0
    for folder in ("reports", "aside"):
        for path in (store / folder).glob("*[!t]"):
            if path.suffix == ".part":
                continue
            status = path.stat()
            now = (status.st_ino, status.st_mtime_ns)
            changed += seen.setdefault(path.name, now) != now
            seen[path.name] = now
    return changed


def _unreadable(store: Path) -> Iterator[str]:
    held = Store(str(store))
    for name in held.names("reports"):
        try:
            held.report(name.partition(".")[0])
        except Exception:  # noqa: BLE001 - whatever it is: it is counted
            yield name
    for name in held.names("aside"):
        try:
            held.aside(name.partition(".")[0])
        except Exception:  # noqa: BLE001 - as above
            yield name
