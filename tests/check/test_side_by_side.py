"""`check` of several fixtures at once: their order, their errors, what breaks, and Ctrl-C."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from forensics.barrier import Broken, note
from forensics.check import run, side_by_side
from forensics.check.manifest import Expect, Fixture
from forensics.check.side_by_side import checked
from forensics.errors import UsageError
from forensics.report.document import Document
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


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="processes made anew know no patch")
def test_a_process_that_dies_is_a_row_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the second fixture, whichever process has it; what the others have at that moment is done again."""
    deadly = replace(fixture(FAST), name="made/deadly")

    def document_of(one: Fixture) -> Document:
        if one.name == deadly.name:
            os._exit(7)
        return run.document_of(one)

    monkeypatch.setattr(side_by_side, "document_of", document_of)
    given = [fixture(FAST), deadly, fixture(FAST), fixture(SLOW)]
    assert list(checked(given, jobs=2)) == [
        (given[0], []),
        (given[1], ["the process that checked it died"]),
        (given[2], []),
        (given[3], []),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_breaks_in_one_is_told_of_that_one_alone(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if jobs > 1 and multiprocessing.get_start_method() != "fork":
        pytest.skip("processes made anew know no patch")
    broken = replace(fixture(FAST), name="made/broken")

    def document_of(one: Fixture) -> Document:
        document = run.document_of(one)
        if one.name == broken.name:
            note(Broken("reading", "metadata1", "KeyError in parsed, line 3"))
        return document

    monkeypatch.setattr(side_by_side, "document_of", document_of)
    found = [rows for _, rows in checked([broken, fixture(FAST), fixture(FAST)], jobs)]
    told = "metadata1: reading failed by an error of this program (KeyError in parsed, line 3)"
    assert found == [[told], [], []]


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
