"""Fixtures by several processes: what takes the time holds Python's lock, so threads would wait for each other."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from threading import Thread

from forensics.check.manifest import Fixture
from forensics.check.run import differences, document_of


def checked(fixtures: Sequence[Fixture], jobs: int) -> Iterator[tuple[Fixture, list[str]]]:
    """Each fixture and its differences, in the order given, by so many processes.

    Raises UsageError at the first fixture that cannot be built. Whoever stops early waits for what has begun only.
    """
    jobs = min(jobs, len(fixtures))
    if jobs < 2:
        yield from ((fixture, _differences(fixture)) for fixture in fixtures)
        return
    with ProcessPoolExecutor(jobs, initializer=_begin) as pool:
        yield from zip(fixtures, pool.map(_differences, fixtures), strict=True)


def _differences(fixture: Fixture) -> list[str]:
    return differences(fixture, document_of(fixture))


def _begin() -> None:
    """In each process: Ctrl-C reaches all of them, and the first one says what becomes of the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Where the first process is killed, nobody is left to tell the others."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
