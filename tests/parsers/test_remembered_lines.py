"""What is remembered of a line, and what is not looked at, changes no answer: each line alone says the same."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from bench import journal_data
from forensics.parsers import journal_line
from forensics.parsers.journal_line import LineReader
from forensics.parsers.log_lines import without_ids

HERE = Path(__file__).parent
NIGHT = tuple(line.rstrip(b"\n") for line in itertools.islice(journal_data.lines(10**6), 600))
TOLD = tuple(
    line.partition(b": ")[2] if path == "real_errors.txt" else line
    for path in ("messages.txt", "real_errors.txt")
    for line in (HERE / path).read_bytes().splitlines()
)
PREFIXES = (b"", b"Nov 22 00:00:01 n1 k8s.k8s-dqlite[7]: ", b"Nov 22 00:00:01 n1 cron[7]: ")
LINES = tuple(dict.fromkeys((*NIGHT, *(prefix + line for prefix in PREFIXES for line in TOLD if line))))


@pytest.mark.parametrize(("unit", "asked"), [("", False), ("lxd", False), ("", True)])
def test_same_as_each_line_alone(unit: str, asked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    together = LineReader(unit, pasted=asked, named=False)
    found = [together.code(line, b"") for line in LINES]
    monkeypatch.setattr(journal_line, "may_concern", lambda *_, **__: True)
    assert found == [LineReader(unit, pasted=asked, named=False).code(line, b"") for line in LINES]
    assert len(set(found)) > 20


@pytest.mark.parametrize(
    ("line", "other"),
    [
        (b'podUID="35cd901a-0ff8-3f39-d676-4dedd9107ec8"', b'podUID="bdfa62ee-7351-aaaa-bbbb-4dedd9107ec8"'),
        (b"run-runc-9c6b8aa423208544.mount", b"run-runc-1a5b09d8b2fc497e.mount"),
        (b"cali63fdf0c2a1b: link becomes ready", b"calibe0f1a2c3d4: link becomes ready"),
        (b"pod app-nq9sggxt7g-pz7ds failed", b"pod app-77dxcpp8vh-rshm6 failed"),
    ],
)
def test_ids_mean_nothing(line: bytes, other: bytes) -> None:
    assert without_ids(line) == without_ids(other)


@pytest.mark.parametrize(
    "line", [b"k8s-dqlite: facade defaced", b"open segment", b"snapshot-https failed", b"-nodes down"]
)
def test_words_stay(line: bytes) -> None:
    assert without_ids(line) == line.replace(b"8", b"")


@pytest.mark.parametrize("line", [b"a" * 4096, b"-" * 4096, b"-bcdfg" * 680, b"a1b2" * 1024, b"deadbeef-" * 450])
def test_no_line_takes_long(line: bytes) -> None:
    began = time.process_time()
    for _ in range(100):
        without_ids(line)
    assert time.process_time() - began < 2.0  # a quadratic pattern takes 5 s
