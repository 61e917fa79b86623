"""SQLite runs in a process that can be ended: what never returns by itself costs its deadline, and no more."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.pages import Pages
from forensics.sqlite import child
from tests.sqlite_images import made

# One call of one function, 10^15 steps long: no deadline inside SQLite is looked at, and no interrupt taken.
ENDLESS = "SELECT instr(printf('%.*c', 60000000, 'a'), printf('%.*c', 30000000, 'a') || 'b')"
TABLE = ("CREATE TABLE t(a)", "INSERT INTO t VALUES('x')")


def _pages(folder: Path, *statements: str) -> Pages:
    pages = Pages("k8s")
    pages.copy(1, made(folder, *statements))
    return pages


def test_a_call_that_never_returns_is_ended(tmp_path: Path) -> None:
    start = time.monotonic()
    with Database(_pages(tmp_path, *TABLE)) as database:
        with pytest.raises(QueryError, match=r"stopped after 0\.5 s"):
            database.rows(ENDLESS, seconds=0.5)
        with pytest.raises(QueryError):
            database.rows("SELECT 1")
    assert time.monotonic() - start < 15
    with Database(_pages(tmp_path, *TABLE)) as database:
        assert database.rows("SELECT a FROM t") == [("x",)]


def test_a_check_that_never_returns_is_ended(tmp_path: Path) -> None:
    """integrity_check evaluates the evidence's own constraints."""
    check = f"CREATE TABLE t(a, CHECK({ENDLESS.removeprefix('SELECT ')} = a))"
    pages = _pages(tmp_path, check, "PRAGMA ignore_check_constraints = ON", "INSERT INTO t VALUES(0)")
    with Database(pages) as database, pytest.raises(QueryError, match="stopped"):
        database.rows("PRAGMA integrity_check", seconds=0.5)


def test_memory_of_the_process_is_bounded(tmp_path: Path) -> None:
    """A hundred values of 60 MB, which sorting holds."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
    with Database(_pages(tmp_path, *TABLE)) as database, pytest.raises(QueryError, match=r"memory|full"):
        database.rows(numbers + " SELECT printf('%.*c', 60000000, 'a') || i FROM n ORDER BY 1")  # noqa: S608 - of this test


def test_a_process_that_was_killed_is_told(tmp_path: Path) -> None:
    with Database(_pages(tmp_path, *TABLE)) as database:
        os.kill(child.child()._process.pid, signal.SIGKILL)
        with pytest.raises(QueryError, match="ended before it answered"):
            database.rows("SELECT 1")


def test_two_databases_and_their_rows_do_not_mix(tmp_path: Path) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) SELECT i FROM n"
    with Database(_pages(tmp_path, *TABLE)) as one, Database(_pages(tmp_path, *TABLE)) as other:
        rows = zip(one.query(many), other.query(many), one.query(many), strict=True)
        assert all(row == (row[0],) * 3 for row in rows)


def test_the_process_ends_with_the_one_that_asks(tmp_path: Path) -> None:
    """However that ends, and whatever SQLite is doing."""
    code = f"""
from pathlib import Path
from forensics.sqlite import child
from forensics.facts.database.open import Database
from tests.sqlite.test_child import _pages
with Database(_pages(Path({str(tmp_path)!r}), *{TABLE!r})) as database:
    print(child.child()._process.pid, flush=True)
    database.rows({ENDLESS!r})
"""
    asking = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    number = int(asking.stdout.readline())
    asking.kill()
    asking.wait()
    assert _gone(number)


def _gone(process: int) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux tells another process's limits")
@pytest.mark.parametrize("which", [resource.RLIMIT_CPU, resource.RLIMIT_DATA])
def test_it_outlives_the_bounds_that_its_first_case_had(which: int, tmp_path: Path) -> None:
    """`fleet` bounds each case of a process anew; the process for SQLite serves them all."""
    before, most = resource.getrlimit(which)
    resource.setrlimit(which, (1 << 33, most))  # 8 GiB, or as many seconds: far off
    started = child.Child()
    try:
        started.ask("open", "k8s", made(tmp_path, *TABLE), seconds=5)  # with an answer it is past its beginning
        assert resource.prlimit(started._process.pid, which) == (most, most)
    finally:
        started.end()
        resource.setrlimit(which, (before, most))
