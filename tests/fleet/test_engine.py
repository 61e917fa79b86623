"""Dask as the engine: another scheduler's workers, and a scheduler that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from distributed import CancelledError, LocalCluster

from forensics.errors import UsageError
from forensics.fleet import engine
from forensics.fleet.engine import completed


@pytest.fixture
def scheduler() -> Iterator[str]:
    with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def _halved(number: int) -> int:
    if number % 2:
        raise ValueError(number)
    return number // 2


def test_every_item_comes_back_with_what_it_gave_or_raised(scheduler: str) -> None:
    with engine.engine(1, scheduler) as client:
        got = dict(completed(client, _halved, range(2, 102)))
    assert {item: found for item, found in got.items() if not item % 2} == {n: n // 2 for n in range(2, 102, 2)}
    assert all(isinstance(got[odd], ValueError) for odd in range(3, 102, 2))


def test_nothing_here_listens_but_on_loopback() -> None:
    with engine.engine(1) as client:
        dict(completed(client, _halved, [2]))
        listening = [one.laddr.ip for one in psutil.Process().net_connections() if one.status == psutil.CONN_LISTEN]
    assert set(listening) <= {"127.0.0.1"}


def test_no_scheduler_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_ANSWER_SECONDS", 1)
    with pytest.raises(UsageError, match="no Dask scheduler answers"), engine.engine(1, "tcp://127.0.0.1:9"):
        pass


def test_a_lost_scheduler_is_said_in_one_sentence() -> None:
    class Lost:
        """A future of a scheduler that is gone."""

        def exception(self) -> Any:
            raise CancelledError("connection lost")

    with pytest.raises(UsageError, match="the same command goes on"):
        engine._result(Lost())
