"""One case from its files to its place in the store: what a worker does. An opaque task for the scheduler."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pyarrow.fs as pafs
from msgspec.structs import replace

from forensics.errors import InputError
from forensics.fleet.key import key_of, variant
from forensics.fleet.model import AGAIN, Failure, FleetCase, Outcome, Settings, State
from forensics.fleet.rows import rows_of
from forensics.fleet.store import Aside, Store, filesystem, is_url
from forensics.fleet.warm import POOL

TRIES = 2


class VersionsError(Exception):
    """A worker has another program than whoever sent the case."""


def finish(case: FleetCase, settings: Settings, url: str, expected: str, retry: bool) -> Outcome:
    """Judge a case, unless the store knows its bytes already, and store the report or why there is none.

    Args:
        case: which.
        settings: how.
        url: of the store.
        expected: the variant of whoever sends it.
        retry: also what was set aside earlier.

    Raises VersionsError, or OSError where the store cannot be written.
    """
    if variant(settings) != expected:
        raise VersionsError("a worker has another version of dqlite-forensics, or other rules")
    begun = time.monotonic()
    try:
        with _on_this_machine(case) as paths:
            outcome = _known_or_judged(case, paths, settings, Store(url), retry)
    except _InputError as error:
        outcome = Outcome(case, "", State.REFUSED, (Failure(State.REFUSED, str(error)),))
    return replace(outcome, seconds=round(time.monotonic() - begun, 3), finished=time.time())


class _InputError(Exception):
    """An input that cannot be read at all."""


@contextmanager
def _on_this_machine(case: FleetCase) -> Iterator[tuple[str, ...]]:
    """The inputs' paths; those of an object store are fetched, and removed again."""
    if not any(map(is_url, case.paths)):
        yield case.paths
        return
    with tempfile.TemporaryDirectory(prefix="dqlite-forensics-") as folder:
        paths = []
        for number, path in enumerate(case.paths):
            files, source = filesystem(path)
            target = os.path.join(folder, str(number), os.path.basename(source.rstrip("/")))
            os.makedirs(os.path.dirname(target))
            try:
                pafs.copy_files(source, target, source_filesystem=files, destination_filesystem=pafs.LocalFileSystem())
            except OSError as error:
                raise _InputError(f"it cannot be fetched ({type(error).__name__})") from error
            paths.append(target)
        yield tuple(paths)


def _known_or_judged(case: FleetCase, paths: tuple[str, ...], settings: Settings, store: Store, retry: bool) -> Outcome:
    try:
        key = key_of(paths, settings)
    except OSError as error:
        raise _InputError(error.strerror or type(error).__name__) from error
    return _known(case, key, settings, store, retry) or _judged(case, key, paths, settings, store)


def _known(case: FleetCase, key: str, settings: Settings, store: Store, retry: bool) -> Outcome | None:
    """What the store has of these bytes. What is damaged there counts as absent: it is written again."""
    with suppress(InputError):
        if store.has_report(key):
            rows = rows_of(store.report(key), with_keys=settings.with_keys)
            return Outcome(case, key, State.OK, rows=rows, reused=True)
        aside = None if retry else store.aside(key)
        if aside is not None:
            return Outcome(case, key, aside.state, aside.failures, reused=True)
    return None


def _judged(case: FleetCase, key: str, paths: tuple[str, ...], settings: Settings, store: Store) -> Outcome:
    failures: list[Failure] = []
    for attempt in range(TRIES):
        made = POOL.judge(paths, settings, fresh=attempt > 0)  # the second time by one that judged nothing before
        if made.state is State.OK:
            store.put_report(key, made.report)
            return Outcome(case, key, State.OK, tuple(failures), made.rows, made.cpu, made.peak)
        failures.append(Failure(made.state, made.reason))
        if made.state not in AGAIN:
            break
    store.put_aside(key, Aside(made.state, tuple(failures)))
    return Outcome(case, key, made.state, tuple(failures), cpu=made.cpu, peak=made.peak)
