"""`check` of several fixtures at once: their order, their errors, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from forensics.check.manifest import Expect
from forensics.check.side_by_side import checked
from forensics.errors import UsageError
from tests.fixtures import ROOT, fixture

SLOW, FAST = "segment/flipped-bit-last", "segment/looks-went-back"  # a tar of three nodes; a text of some lines


def test_they_come_in_the_order_given_with_what_differs() -> None:
    wrong = replace(fixture(FAST), expect=Expect(exit=77))
    given = [fixture(SLOW), wrong, fixture(FAST)]
    together = list(checked(given, jobs=2))
    assert [got for got, _ in together] == given
    assert [bool(found) for _, found in together] == [False, True, False]
    assert "not 77" in together[1][1][0]
    assert list(checked(given, jobs=1)) == together


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_that_cannot_be_built_ends_it(jobs: int) -> None:
    given = [fixture(FAST), replace(fixture(FAST), wrap="paper")]
    with pytest.raises(UsageError, match="no wrapping paper"):
        list(checked(given, jobs))


@pytest.mark.skipif(os.name != "posix", reason="a terminal's Ctrl-C reaches a group of processes")
def test_ctrl_c_ends_all_of_them_without_a_word() -> None:
    command = [sys.executable, "-m", "forensics", "check", "segment", "--jobs", "2"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"ok ")
    os.killpg(process.pid, signal.SIGINT)
    printed, said = process.communicate(timeout=60)  # both pipes are at their end: nobody is left who holds them
    assert (process.returncode, said) == (130, b"")  # 128 + the signal's number
    assert b"different" not in printed  # no sum of what was not looked at
