"""Stored reports and their renderings, byte for byte; and what was found once is still found, additions aside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forensics.report.formats import FORMATS
from forensics.report.stored import read_report
from tests.fixtures import report
from tests.report.refresh_golden import COMMAND, FIXTURES, GOLDEN, SUFFIXES, path_of


@pytest.mark.parametrize("name", FIXTURES)
@pytest.mark.parametrize("format_", SUFFIXES)
def test_renderings(name: str, format_: str) -> None:
    document = read_report(str(path_of(name, ".json")))
    golden = path_of(name, SUFFIXES[format_]).read_text(encoding="utf-8")
    assert FORMATS[format_].render(document) == golden, f"if this is meant: {COMMAND}"


@pytest.mark.parametrize("name", FIXTURES)
def test_the_analysis_still_says_it(name: str) -> None:
    """Every key and value of the golden stands in today's report; additions may stand beside them."""
    golden = json.loads(path_of(name, ".json").read_text(encoding="utf-8"))
    lost = list(_lost(golden, json.loads(FORMATS["json"].render(report(name))), ""))
    assert lost == [], f"if this is meant: {COMMAND}"


def _lost(golden: Any, now: Any, place: str) -> list[str]:
    """Where today's report does not hold what the golden holds. What was not known then may be known now."""
    if golden is None or (golden == [] and place not in (".missing", ".refusals", ".suppressed")):
        return []
    if isinstance(golden, dict) and isinstance(now, dict):
        return [line for key in golden for line in _lost(golden[key], now.get(key, "absent"), f"{place}.{key}")]
    if isinstance(golden, list) and isinstance(now, list):
        if place in (".checks", ".findings"):  # rules come and go in the middle
            return [f"{place}: {_brief(item)}" for item in golden if not any(_same(item, other) for other in now)]
        if len(golden) != len(now):
            return [f"{place}: {len(now)} instead of {len(golden)}"]
        return [line for number, item in enumerate(golden) for line in _lost(item, now[number], f"{place}[{number}]")]
    if place == ".tool.version" or golden == now:
        return []
    return [f"{place}: {now!r} instead of {golden!r}"]


def _same(golden: dict[str, Any], now: dict[str, Any]) -> bool:
    """The same finding with the same bytes, or the same answer; prose may improve."""
    keys = ("rule", "nodes", "database", "verdict", "severity")
    spans = [
        [(entry["path"], entry["offset"], entry["length"]) for entry in one.get("evidence", [])]
        for one in (golden, now)
    ]
    return all(golden.get(key) == now.get(key) for key in keys) and spans[0] == spans[1]


def _brief(item: dict[str, Any]) -> str:
    return f"{item['rule']} {item['nodes']}"


def test_no_golden_is_orphaned() -> None:
    wanted = {path_of(name, suffix) for name in FIXTURES for suffix in (".json", *SUFFIXES.values())}
    assert {path for path in GOLDEN.iterdir() if path.is_file()} == wanted
