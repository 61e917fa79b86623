"""Pastes that are made to keep a reader busy, or to be no number: an answer comes, and soon."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.ingest.listing.dates import find_when, resolve
from forensics.ingest.listing.sizes import parse_size

BYTES = 200_000
SECONDS = 60  # some seconds here; a pattern that backtracks takes minutes
LINES = (
    " ",
    "\u00a0",
    "0",
    "/",
    ".",
    "'",
    "- ",
    "a@b:",
    "KMGTP0",
    "host ",
    "token ",
    "server 1",
    "ID: ",
    "(listing ",
    "│ ",
    "[ ",
    "01-01  ",
    "n1 | ",
    "<div ",
    "jan 25 ",
    "File: a",
    "XFS",
    "hashicorp/raft",
    "io_setup EAGAI",
    "a.c: Assertion `",
)


@pytest.mark.parametrize("long", [False, True], ids=["many lines", "one line"])
@pytest.mark.parametrize("piece", LINES)
def test_no_line_keeps_it_busy(tmp_path: Path, piece: str, long: bool, capsys: pytest.CaptureFixture[str]) -> None:
    line = piece * (BYTES if long else 4000 // len(piece))
    text = (line[:BYTES] + "\n") * (1 if long else BYTES // 4000)
    (tmp_path / "paste.txt").write_text(text + "dqlite: no space left on device\n")
    with ended_after(SECONDS):
        code = main(["analyze", str(tmp_path / "paste.txt"), "-q"])
    assert code in (1, 3, 4)
    assert "Traceback" not in capsys.readouterr().err


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """Ends this process, which fails the test: a pattern that backtracks lets no thread run that could raise."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)  # pytest's own stderr has no number
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def test_a_size_of_many_digits_is_none() -> None:
    assert parse_size("1" + ".000" * 3000) is None
    assert parse_size("1.000.000") == (1_000_000, 1_000_000)


def test_the_year_nought_is_a_year() -> None:
    dated = find_when("0000-01-02 03:04")
    assert dated is not None
    assert dated.when is not None
    assert resolve([dated.when], None)[dated.when] < 0
