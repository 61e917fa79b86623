"""Dask as the engine: tasks are opaque, few are under way at once, and each comes back as it finishes.

On this machine the workers are threads of this process: all that they do is wait for children. On a cluster that
exists they are whatever it has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import dask
from distributed import CancelledError, Client, Scheduler, SpecCluster, Worker, as_completed

from forensics.errors import UsageError

T = TypeVar("T")

_ANSWER_SECONDS: Final = 10
WAITING: Final = 4  # tasks for each thread: none waits for work, and the scheduler never holds many
_QUIET: Final = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.tick.limit": "1h",  # a busy machine is no news
    # Nobody looks at what these watch, and they wake 200 times a second, beside children that need the processor.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.admin.system-monitor.disk": False,
}


@contextmanager
def engine(workers: int, scheduler: str | None = None) -> Iterator[Client]:
    """A client of the scheduler at an address, or of one here with so many workers. Raises UsageError where none is."""
    with dask.config.set(_QUIET):
        if scheduler is not None:
            with _connected(scheduler) as client:
                yield client
            return
        with _here(workers) as cluster, Client(cluster, set_as_default=False) as client:
            yield client


def _here(workers: int) -> SpecCluster:
    """A scheduler and its workers as threads of this process. The HTTP servers that they insist on serve nothing."""
    common = {"protocol": "inproc://", "dashboard": False, "dashboard_address": "127.0.0.1:0"}
    return SpecCluster(
        scheduler={"cls": Scheduler, "options": common},
        workers={0: {"cls": Worker, "options": common | {"nthreads": workers, "memory_limit": 0}}},
        silence_logs=logging.CRITICAL,
    )


def _connected(scheduler: str) -> Client:
    try:
        return Client(scheduler, set_as_default=False, timeout=_ANSWER_SECONDS)
    except (OSError, ValueError) as error:
        raise UsageError(f"{scheduler}: no Dask scheduler answers there") from error


def completed(
    client: Client, work: Callable[..., T], items: Iterable[Any], *more: Any
) -> Iterator[tuple[Any, T | Exception]]:
    """Each item, and what `work(item, *more)` gives or raises, as they finish.

    Raises UsageError where the scheduler is gone.
    """
    waiting = iter(enumerate(items))
    under_way: dict[Any, Any] = {}

    def submit() -> Any | None:
        number, item = next(waiting, (0, None))
        if item is None:
            return None
        future = client.submit(work, item, *more, key=f"case-{id(under_way):x}-{number}", pure=False)
        under_way[future] = item
        return future

    first = [future for _ in range(WAITING * _threads(client)) if (future := submit()) is not None]
    finished = as_completed(first, loop=client.loop)
    for future in finished:
        item = under_way.pop(future)
        yield item, _result(future)
        future.release()
        if (another := submit()) is not None:
            finished.add(another)


def _result(future: Any) -> Any:
    try:
        error = future.exception()
    except CancelledError:
        raise UsageError(
            "the scheduler is gone: what is finished is in the store, and the same command goes on"
        ) from None
    return future.result() if error is None else error


def _threads(client: Client) -> int:
    return max(sum(map(int, client.nthreads().values())), 1)
