"""Every regular expression of the package ends in time on every line, whoever wrote the line."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from forensics.ingest.collectors import COLLECTORS
from forensics.ingest.listing.commands import join
from forensics.wording import segment
from tests.patterns.found import Found
from tests.patterns.slow import slow

_SLOW = (
    r"(a+)+b",
    r"(\S+)\s+(\d{1,3})%\s+(/\S*)\s*$",  # a line of `df`
    r"\s*[^\w\s]?\s*(?P<unit>[\w@.:\\-]+)\.service",
    r"(?:.*/)?(?:(?:.*/)?hostname|(?:.*/)?df)x",
    r"0*(\d+)-0*(\d+)",
)
_GOOD = (r"(?<![.~_-])[.~_-]+bak$", r"\A(?>.*?x509: ).*(?:expired|malformed)", r"\d{1,20}")


@pytest.mark.parametrize("pattern", _SLOW)
def test_a_pattern_that_looks_back_is_seen(pattern: str) -> None:
    assert slow(Found(pattern, 0, "here", anchored=False))


@pytest.mark.parametrize("pattern", _GOOD)
def test_a_good_pattern_is_not(pattern: str) -> None:
    assert slow(Found(pattern, 0, "here", anchored=False)) is None


def test_every_pattern_is_found_and_ends_in_time() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.patterns"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    counted = re.search(r"(\d+) patterns", run.stdout)
    assert counted
    assert int(counted[1]) > 400  # 440 when this was written: the finder still finds


def test_a_long_path_costs_no_more_than_its_length() -> None:
    start = time.process_time()
    for collector in COLLECTORS:
        assert not collector.wants("/" * 6000 + "x")
        assert not collector.wants("snap-list" + "/" * 6000)
    assert time.process_time() - start < 1.0  # was a minute


def test_names_are_still_read() -> None:
    assert segment("0000000000000322-0000000000000385") == "segment 322–385"
    assert segment("0000-0001") == "segment 0–1"
    assert join("/a", "b/*") == "/a/b"
    assert join("/a", "*") == "/a/*"
