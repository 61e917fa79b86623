"""Fixtures by several processes: what takes the time holds Python's lock, so threads would wait for each other."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from threading import Thread
from typing import Final

from forensics.barrier import watching
from forensics.check.manifest import Fixture
from forensics.check.run import differences, document_of

_DIED: Final = "the process that checked it died"


def checked(fixtures: Sequence[Fixture], jobs: int) -> Iterator[tuple[Fixture, list[str]]]:
    """Each fixture and its differences, in the order given, by so many processes.

    A process that dies is a difference of the fixture that it dies of. Raises UsageError at the first fixture that
    cannot be built. Whoever stops early waits for what has begun only.
    """
    jobs = min(jobs, len(fixtures))
    if jobs < 2:
        yield from ((fixture, _differences(fixture)) for fixture in fixtures)
        return
    done = 0
    while done < len(fixtures):
        for found in _until_one_dies(fixtures[done:], jobs):
            yield fixtures[done], found
            done += 1
        if done < len(fixtures):  # this one, or one that was at work beside it: alone it shows
            yield fixtures[done], next(_until_one_dies(fixtures[done : done + 1], 1), [_DIED])
            done += 1


def _until_one_dies(fixtures: Sequence[Fixture], jobs: int) -> Iterator[list[str]]:
    """Differences of each, up to the first one that has none since a process died: no other can be asked then."""
    with suppress(BrokenProcessPool), ProcessPoolExecutor(jobs, initializer=_begin) as pool:
        yield from pool.map(_differences, fixtures)


def _differences(fixture: Fixture) -> list[str]:
    """What breaks in one fixture is told of that one alone."""
    with watching() as broken:
        found = differences(fixture, document_of(fixture))
    errors = [one for one in broken if not (one.told or one.unread or one.limited)]
    return found + [f"{one.where}: {one.detail}" for one in dict.fromkeys(errors)]


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
