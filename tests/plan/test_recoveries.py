"""The plan, held against what real dqlite did when it was carried out (fixtures/make/recoveries.py)."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import pytest

from forensics.plan.expected_start import expected_starts
from forensics.plan.plan import Plan, plan
from tests.made_clusters import BASES, base, clusters_of

RECOVERIES: list[dict[str, Any]] = tomllib.loads((BASES.parent / "recoveries.toml").read_text("utf-8"))["recovery"]
SCENARIOS = {  # of issue 5; and what else has a choice to make
    "address-change",
    "copied-directory",
    "forced-recovery",
    "leader-ahead",
    "misleading-segments",
    "old-leader",
    "removed-node",
    "replaced-node",
    "restored-backup",
    "roles",
    "split-brain",
    "two-bootstraps",
    "two-voters-down",
}


def planned(recovery: dict[str, Any]) -> Plan:
    """The plan for the directories that are left."""
    (cluster,) = clusters_of(base(recovery["base"], recovery["left"]))
    made = plan(cluster, expected_starts(cluster))
    assert made is not None
    return made


@cache
def rows_of_restarts(name: str) -> list[tuple[frozenset[str], int]]:
    """Every restart that the recording made of these directories: who was started, and the rows of kine."""
    manifest = tomllib.loads((BASES / f"{name}.toml").read_text("utf-8"))
    rows = {moment["moment"]: moment["rows"].get("k8s.kine", 0) for moment in manifest["moment"]}
    return [
        (frozenset(restart["started"]), count)
        for restart in manifest["restart"]
        for moment, count in rows.items()
        if moment == restart["moment"] or moment.startswith(f"{restart['moment']}, ")
    ]


def test_every_scenario_was_carried_out() -> None:
    """Each with all of its directories, and some with a part of them."""
    assert {recovery["base"] for recovery in RECOVERIES} >= SCENARIOS
    assert sum(len(recovery["started"]) < len(recovery["members"]) for recovery in RECOVERIES) >= 5


@pytest.mark.parametrize("recovery", RECOVERIES, ids=[recovery["title"] for recovery in RECOVERIES])
def test_the_plan_is_still_the_one_that_was_carried_out(recovery: dict[str, Any]) -> None:
    """Node, configuration, and who gets the copy."""
    made = planned(recovery)
    assert made.node == recovery["node"]
    assert [(str(m.id), m.address, m.role.value) for m in made.members] == [
        (member["id"], member["address"], member["role"]) for member in recovery["members"]
    ]
    assert {made.node, *(member.node for member in made.members if member.node)} == set(recovery["started"])


@pytest.mark.parametrize("recovery", RECOVERIES, ids=[recovery["title"] for recovery in RECOVERIES])
def test_no_restart_of_these_directories_kept_more(recovery: dict[str, Any]) -> None:
    """A leader was found, among those that were started; and it had every row that any start of them ever gave."""
    assert recovery["leader"] in recovery["started"]
    kept = [count for started, count in rows_of_restarts(recovery["base"]) if started <= set(recovery["left"])]
    assert recovery["rows"]["k8s.kine"] >= max(kept, default=1)
