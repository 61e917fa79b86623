"""Real dqlite on the nodes that the case calls safe: a live sample, and what was recorded of many more."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import pytest

from tests.chance import chance
from tests.held.damage import damaged
from tests.held.starts.library import DEBIANS
from tests.held.starts.run import safe_nodes
from tests.held.starts.sample import RECORDS, sample
from tests.tools import tool

LIVE = 3
RECORDED: list[dict[str, Any]] = tomllib.loads(RECORDS.read_text("utf-8"))["start"]


@pytest.mark.slow
def test_what_is_called_safe_loses_nothing_on_real_dqlite() -> None:
    """Some states of this run's chance: who is safe starts, and a leader has all that was committed."""
    tool("cc")
    tool("dqlite-demo")  # comes with the library that CI installs
    wrong = {one.title: one.wrong for one in sample(LIVE, chance(), {DEBIANS}) if one.wrong}
    assert not wrong


def test_enough_was_carried_out() -> None:
    """Most with a leader, by both versions that wrote recordings, and no state twice."""
    versions = Counter(one["dqlite"] for one in RECORDED)
    assert len({one["seed"] for one in RECORDED}) == len(RECORDED) >= 40
    assert versions["1.11.1"] >= 30
    assert versions["1.18.6"] >= 2
    assert sum(bool(one["leaders"]) for one in RECORDED) >= len(RECORDED) // 2


@pytest.mark.parametrize("one", RECORDED, ids=[one["seed"] for one in RECORDED])
def test_the_same_nodes_are_still_called_safe(one: dict[str, Any]) -> None:
    """Where they are others, these have to be started first: `python -m tests.held.starts --again`."""
    made = damaged(one["seed"])
    assert made.title == one["damage"]
    assert list(safe_nodes(made)[0]) == one["started"]
