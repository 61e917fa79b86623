"""What SQLite and databases take counts in the budget of the whole run, and what is over it is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from forensics.barrier import Broken, stage, watching
from forensics.budget import Budget, run_within
from forensics.errors import SpaceError
from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.pages import Pages
from forensics.facts.database.replay import Replay
from forensics.forecast import quick_check
from forensics.forecast.reasons import Assumption, AssumptionKind
from forensics.forecast.simulation import Code, Run
from forensics.forecast.versions import LIBRARIES
from forensics.limits import IMAGE_MEMORY_BYTES_MAX, MIB, SQL_STEPS_PER_LOOK
from forensics.on_disk import PAGE_BYTES
from forensics.private_file import Overflow, PrivateFile
from forensics.rules.api import Answer
from forensics.rules.engine import judge
from tests.made_clusters import gather
from tests.sqlite.test_child import ENDLESS
from tests.sqlite_images import made

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT i FROM n"
TABLE = ("CREATE TABLE t(a)", "INSERT INTO t VALUES('x')")


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    found = Pages("k8s")
    found.copy(1, made(tmp_path, *TABLE))
    yield found
    found.close()


def _refused(pages: Pages, budget: Budget, name: str) -> list[Broken]:
    with watching() as broken, run_within(budget), Database(pages) as database:
        with pytest.raises(QueryError, match=f"--limit {name}="):
            _ask(database, 3)
        return broken


def _ask(database: Database, times: int) -> None:
    for _ in range(times):
        database.rows(NUMBERS)


def test_rows_of_all_queries_count_together(pages: Pages) -> None:
    """Two of three times 50,000 rows have room; the engine's own looks at the schema are some more."""
    budget = Budget({"SQL_ROWS_MAX": 120_000})
    (broken,) = _refused(pages, budget, "SQL_ROWS_MAX")
    assert broken.limited
    assert 100_000 <= budget.taken["SQL_ROWS_MAX"] <= 120_000


def test_steps_of_all_queries_count_together(pages: Pages) -> None:
    """50,000 rows of such a query are above 500,000 steps: ten and more each."""
    budget = Budget({"SQL_STEPS_MAX": 1_000_000})
    assert _refused(pages, budget, "SQL_STEPS_MAX")[0].limited
    assert 0 <= budget.taken["SQL_STEPS_MAX"] - 1_000_000 <= SQL_STEPS_PER_LOOK


def test_the_clock_ends_queries_too(pages: Pages) -> None:
    """A clock that goes on by one second with each look at it."""
    ticks = count()
    _refused(pages, Budget({"SECONDS_MAX": 10}, clock=lambda: next(ticks)), "SECONDS_MAX")


def test_images_count_as_temporary_space() -> None:
    """What is beyond the memory's share lies in a file; closed, its space is free again."""
    budget = Budget({"SPOOL_BYTES_MAX": 2 * IMAGE_MEMORY_BYTES_MAX})
    with run_within(budget):
        first, second = Pages("a"), Pages("b")
        first.copy(1, bytes(IMAGE_MEMORY_BYTES_MAX + PAGE_BYTES))
        assert budget.taken["SPOOL_BYTES_MAX"] == IMAGE_MEMORY_BYTES_MAX + PAGE_BYTES
        with pytest.raises(SpaceError, match="--limit SPOOL_BYTES_MAX="):
            second.copy(1, bytes(IMAGE_MEMORY_BYTES_MAX + PAGE_BYTES))
        second.close()
        first.close()
    assert budget.taken["SPOOL_BYTES_MAX"] == 0
    assert budget.most["SPOOL_BYTES_MAX"] == IMAGE_MEMORY_BYTES_MAX + PAGE_BYTES


def test_a_resized_file_gives_back_what_it_lost() -> None:
    budget = Budget()
    with run_within(budget):
        file = PrivateFile()
        file.write(b"abc", 10)
        file.resize(11)
        assert budget.taken["SPOOL_BYTES_MAX"] == 11
        assert file.read(100, 0) == bytes(10) + b"a"
        file.close()
    assert budget.taken["SPOOL_BYTES_MAX"] == 0


def test_frames_that_wait_are_read_wherever_they_lie() -> None:
    """Ten of four bytes, of which any eight may lie in memory."""
    budget = Budget()
    with run_within(budget):
        waiting = Overflow(8)
        for number in range(10):
            waiting.append(bytes([number]) * 4)
        assert [waiting.read(4 * number, 4) for number in range(10)] == [bytes([number]) * 4 for number in range(10)]
        assert waiting.read(22, 12) == bytes([5] * 2 + [6] * 4 + [7] * 4 + [8] * 2)
        assert budget.taken["SPOOL_BYTES_MAX"] == 36  # three times twelve; the last four are in memory
        waiting.clear()
        waiting.append(b"new")
        assert waiting.read(0, 3) == b"new"
    assert budget.taken["SPOOL_BYTES_MAX"] == 0


def _checked(image: bytes) -> tuple[int | None, list[Assumption]]:
    run = Run(LIBRARIES[-1], None)  # type: ignore[arg-type] # the check looks at no file
    return quick_check.quick_check(image, run), run.assumed


def test_the_forecast_checks_hostile_images_in_that_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A constraint of the evidence's own that never returns."""
    monkeypatch.setattr(quick_check, "QUICK_CHECK_SECONDS_MAX", 1)
    check = f"CREATE TABLE t(a, CHECK({ENDLESS.removeprefix('SELECT ')} = a))"
    image = made(tmp_path, check, "PRAGMA ignore_check_constraints = ON", "INSERT INTO t VALUES(0)")
    assert _checked(image) == (None, [Assumption(AssumptionKind.SLOW_QUICK_CHECK, 1)])


def test_the_forecast_takes_the_answer_of_sqlite(tmp_path: Path) -> None:
    """Dqlite src/fsm.c, restoreDatabase: no `ok` is CORRUPT, another error than SQLITE_CORRUPT is ERROR."""
    image = made(tmp_path, *TABLE, f"INSERT INTO t VALUES(zeroblob({20 * MIB}))")
    assert len(image) > IMAGE_MEMORY_BYTES_MAX
    assert _checked(image) == (None, [])
    assert _checked(image[:-PAGE_BYTES])[0] == Code.CORRUPT
    assert _checked(b"no database" * 1000)[0] == Code.ERROR  # SQLITE_NOTADB


def test_what_begins_late_is_left_out_and_told() -> None:
    ticks = iter([0, 5, 20, 20])
    late = stage("reading", lambda path: path, lambda path: f"no {path}")(lambda path: path)
    with watching() as broken, run_within(Budget({"SECONDS_MAX": 10}, clock=lambda: next(ticks))):
        assert [late("a"), late("b")] == ["a", "no b"]
    assert [(one.where, one.limited) for one in broken] == [("b", True)]
    assert "SECONDS_MAX=20" in broken[0].detail


def test_a_snapshot_beyond_the_space_loses_no_run() -> None:
    """See examine: SpaceError is an answer of its own."""
    with run_within(Budget({"SPOOL_BYTES_MAX": 0})), pytest.raises(SpaceError):
        Replay().databases.setdefault("a", Pages("a")).copy(1, bytes(IMAGE_MEMORY_BYTES_MAX + PAGE_BYTES))


def test_when_it_is_late_no_rule_is_begun_and_that_is_told_once() -> None:
    """Each says that it was not checked; none is called broken."""
    ticks = iter([0])
    case = gather("single")
    with watching() as broken, run_within(Budget({"SECONDS_MAX": 10}, clock=lambda: next(ticks, 20))):
        judgements = judge(case)
    assert {one.verdict for one in judgements} == {Answer.NOT_CHECKED}
    assert {(one.where, one.limited) for one in broken} == {("the rules", True)}
    assert len(set(broken)) == 1
