"""Log lines: their time by the machine's clock, and none told twice."""

from __future__ import annotations

from calendar import timegm

import pytest

from forensics.evidence import BytesBlob
from forensics.facts.machine.log_lines import in_order, line_time, told_once
from forensics.parsers.journal import Journal, parse_journal

COLLECTED = float(timegm((2026, 1, 2, 12, 0, 0)))
NO_LEADER = "k8s.k8s-dqlite[9]: no known leader\n"


@pytest.mark.parametrize(
    ("time", "offset", "then"),
    [
        ("Jan  2 10:00:00", None, (2026, 1, 2, 10)),
        ("Jan  2 10:00:00", -18000.0, (2026, 1, 2, 15)),
        ("Dec 31 10:00:00", 3600.0, (2025, 12, 31, 9)),
        ("2026-01-02T10:00:00+0100", -18000.0, (2026, 1, 2, 9)),
        ("2026-01-02 10:00:00", -18000.0, (2026, 1, 2, 10)),
    ],
)
def test_times_by_the_clock_of_the_machine(time: str, offset: float | None, then: tuple[int, ...]) -> None:
    assert line_time(time, COLLECTED, offset) == timegm((*then, 0, 0))


def journal(path: str, text: str) -> Journal:
    return parse_journal(BytesBlob(path, text.encode()))


def test_a_line_in_two_files_is_told_once() -> None:
    """A sosreport has the whole journal, and again each unit's part of it; `snap logs` prints the same in UTC."""
    whole = journal("all", f"Jan 02 10:00:00 a {NO_LEADER}Jan 02 10:00:00 a {NO_LEADER}Jan 02 11:00:00 a {NO_LEADER}")
    unit = journal("unit", f"Jan 02 10:00:00 a {NO_LEADER}Jan 02 11:30:00 a {NO_LEADER}")
    snap = journal("snap", f"2026-01-02T11:30:00Z {NO_LEADER}")
    whole, unit, snap = told_once([whole, unit, snap], COLLECTED, 0.0)
    assert [one.counts for one in (whole, unit, snap)] == [{"no-leader": 3}, {"no-leader": 1}, {}]
    assert [line.time for line in unit.lines] == ["Jan 02 11:30:00"]


def test_lines_without_a_time_are_all_told() -> None:
    first, second = journal("a", "no known leader\n"), journal("b", "no known leader\n")
    first, second = told_once([first, second], COLLECTED, None)
    assert (first.counts, second.counts) == ({"no-leader": 1}, {"no-leader": 1})


def test_lines_of_several_files_stand_in_the_order_of_time() -> None:
    late, early = journal("a", f"Jan 02 11:00:00 a {NO_LEADER}"), journal("b", f"Jan 02 10:00:00 a {NO_LEADER}")
    lines = in_order([*late.lines, *early.lines], COLLECTED, None)
    assert [line.time for line in lines] == ["Jan 02 10:00:00", "Jan 02 11:00:00"]
