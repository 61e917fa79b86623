"""Children: whatever one does, its parent goes on, and the next case is judged."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bench.fleet.poison import LIGHT, MARK, Poison
from forensics.fleet import warm
from forensics.fleet.key import variant
from forensics.fleet.model import FleetCase, Made, Settings, State
from forensics.fleet.parquet import column_rows, commit, rows_by_table
from forensics.fleet.sources import find_cases
from forensics.fleet.store import Store
from forensics.fleet.task import finish
from forensics.fleet.warm import POOL, Child, StoppedError
from forensics.limits import MIB

POISONED = ("-m", "bench.fleet.poison", LIGHT)
SETTINGS = Settings(memory=300 * MIB, deadline=30, child=POISONED)
SOON = Settings(memory=300 * MIB, deadline=1, child=POISONED)


@pytest.fixture(autouse=True)
def children() -> Iterator[None]:
    POOL.open()
    yield
    POOL.close()


def _upload(folder: Path, name: str) -> FleetCase:
    path = folder / name
    path.write_text(f"{name}\n")
    return FleetCase(name, (str(path),), name)


@pytest.mark.parametrize(("poison", "state"), [(Poison.BOMB, State.MEMORY), (Poison.CRASH, State.CRASHED)])
def test_poison_is_tried_twice_and_set_aside(poison: Poison, state: State, tmp_path: Path) -> None:
    case = _upload(tmp_path, f"{MARK}{poison}-1.tar")
    store = Store(str(tmp_path / "store"))
    outcome = finish(case, SETTINGS, store.url, variant(SETTINGS), False)
    assert (outcome.state, [one.state for one in outcome.failures]) == (state, [state, state])
    held = store.aside(outcome.key)
    assert held is not None
    assert held.failures == outcome.failures
    again = finish(case, SETTINGS, store.url, variant(SETTINGS), False)
    assert (again.state, again.reused) == (state, True)


def test_a_hang_ends_at_the_deadline(tmp_path: Path) -> None:
    child = Child(POISONED)
    begun = time.monotonic()
    made = child.judge(_upload(tmp_path, f"{MARK}hang-1.tar").paths, SOON)
    assert made.state is State.TIMEOUT
    assert time.monotonic() - begun < 10
    assert child._process.poll() is not None  # it is gone


def test_cases_share_a_child_until_it_dies_and_the_next_one_has_another(tmp_path: Path) -> None:
    child = Child(SETTINGS.child)
    for number in range(3):
        made = child.judge(_upload(tmp_path, f"{number}.txt").paths, SETTINGS)
        assert made.state is State.OK
        assert child.is_good_for_another(made, SETTINGS)
    made = child.judge(_upload(tmp_path, f"{MARK}exit-1.tar").paths, SETTINGS)
    assert (made.state, made.reason) == (State.CRASHED, "the process that judged it ended with code 7")
    assert not child.is_good_for_another(made, SETTINGS)
    assert child._process.poll() == 7


def test_an_error_of_the_program_is_a_row_that_says_where(tmp_path: Path) -> None:
    child = Child(POISONED)
    made = child.judge(_upload(tmp_path, f"{MARK}error-1.tar").paths, SETTINGS)
    child.close()
    assert made.state is State.CRASHED
    assert made.reason.startswith("an error of this program (ArithmeticError in _error, line ")


def test_a_child_that_waits_is_taken_by_one_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four threads take children and give them back: none of these is ended while another thread has it."""
    ended_at_work: list[Any] = []

    class Idle:
        """A child that finishes each case at once."""

        def __init__(self, command: tuple[str, ...]) -> None:
            self.command, self.ended = command, False

        def judge(self, *_: object) -> Made:
            ended_at_work.extend(self for _ in range(20) if self.ended)  # steps enough for another thread's turn
            return Made(State.OK)

        def is_good_for_another(self, *_: object) -> bool:
            return True

        def close(self) -> None:
            self.ended = True

    monkeypatch.setattr(warm, "Child", Idle)
    pool, before = warm.Pool(), sys.getswitchinterval()
    threads = [Thread(target=lambda: [pool.judge((), SETTINGS) for _ in range(500)]) for _ in range(4)]
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not ended_at_work


def test_a_run_that_is_stopped_says_nothing_of_the_case_at_hand(tmp_path: Path) -> None:
    case = _upload(tmp_path, "listing.txt")
    POOL.close()
    with pytest.raises(StoppedError):
        finish(case, SETTINGS, str(tmp_path / "store"), variant(SETTINGS), False)
    assert not (tmp_path / "store" / "aside").exists()


def test_a_child_ends_with_its_parent() -> None:
    """Its standard input closes when the parent is gone, however that went."""
    child = subprocess.Popen([sys.executable, *POISONED], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == -9


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    case = FleetCase("pipe", (str(tmp_path / "pipe"),), "")
    outcome = finish(case, SETTINGS, str(tmp_path / "store"), variant(SETTINGS), False)
    assert outcome.state is State.REFUSED


def test_a_name_that_is_no_text_is_a_case_like_others(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\n.txt")).write_text("nothing known\n")
    (case,) = find_cases([str(folder)])
    store = Store(str(tmp_path / "store"))
    outcome = finish(case, SETTINGS, store.url, variant(SETTINGS), False)
    assert outcome.state is State.OK
    commit(store, rows_by_table([outcome], "variant", set()))
    ((name, paths),) = column_rows(store, "cases", ("name", "paths"))
    assert name.isprintable()
    assert all(path.isprintable() for path in paths)
