"""Tests of one fixture run in one process, so that each fixture is analysed once (see fixtures.report); and the number
that random tests are made from is drawn before there are several processes, and printed.

What is collected stays to the end: the garbage collector does not look at it, which would cost a quarter of collecting.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from tests.chance import VARIABLE, chance, draw_by_the_code
from tests.chromium import Chromium
from tests.fixtures import names

draw_by_the_code()
chance()
gc.disable()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One Chromium for all tests of a process: Playwright allows no second one."""
    with Chromium() as browser:
        yield browser


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for a real cluster or a browser, and another one runs then."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group by fixture name, for pytest-xdist's `--dist=loadgroup`."""
    known = set(names())
    for item in items:
        callspec = getattr(item, "callspec", None)
        fixtures = (
            [value for value in callspec.params.values() if isinstance(value, str) and value in known]
            if callspec
            else []
        )
        if fixtures:
            item.add_marker(pytest.mark.xdist_group(fixtures[0]))


def pytest_collection_finish() -> None:
    """From here on garbage is collected, without what was there before."""
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Also where little is printed: `VARIABLE=NUMBER pytest` repeats the run."""
    terminalreporter.write_line(f"random tests: {VARIABLE}={chance()}")
