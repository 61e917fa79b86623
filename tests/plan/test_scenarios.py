"""The scenarios of issue 5: each is a fixture that names what happened, and was started again for real.

What the restarts say of the choice: tests/plan/test_plan.py (recorded with the base) and tests/plan/test_recoveries.py
(the plan carried out).
"""

from __future__ import annotations

import tomllib

import pytest

from tests.fixtures import fixture, report
from tests.made_clusters import BASES

SCENARIOS = {
    "uncommitted entries on an old leader": ("old-leader", "CLU002", "committed others in term 2 there"),
    "quorum lost, and a forced configuration": ("forced-recovery", "CLU004", "its term falls from 2 to 1"),
    "a removed node whose directory remains": ("removed-node", "CLU008", "was removed by entry 88"),
    "an address change": ("address-change", "CLU004", "127.20.237.1:9000 moves to 127.20.237.11:9000"),
    "a node replaced with the same address": ("replaced-node", "CLU008", "now belongs to member 4862479831794488770"),
    "two bootstraps": ("two-bootstraps", "CLU005", "n3 belongs to another cluster"),
    "a copied directory": ("copied-directory", "CLU006", "the same state twice"),
    "five nodes with two voters down": ("two-voters-down", "CLU011", "3 of 5 voters hold what is committed"),
    "a split brain": ("split-brain", "CLU001", "there are 2 committed histories"),
    "a dead leader ahead of the others": ("leader-ahead", "CLU017", "that stay only if it leads next"),
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_report_names_what_happened(scenario: str) -> None:
    """By its first finding."""
    name, rule, words = SCENARIOS[scenario]
    first = report(f"cluster/{name}")["findings"][0]
    assert first["rule"] == rule
    assert words in first["message"]


def test_roles_are_told() -> None:
    """Stand-by and spare: nothing is wrong there, so the report says who is what."""
    nodes = report("cluster/roles")["clusters"][0]["nodes"]
    assert [node["role"] for node in nodes] == ["voter"] * 3 + ["stand-by"] * 3 + ["spare"]


@pytest.mark.parametrize("name", [*(name for name, _, _ in SCENARIOS.values()), "roles"])
def test_it_was_started_again(name: str) -> None:
    """The recording that the fixture starts from has restarts, and its plan was carried out."""
    (part,) = fixture(f"cluster/{name}").parts
    manifest = tomllib.loads((BASES / f"{part.based_on}.toml").read_text("utf-8"))
    carried_out = tomllib.loads((BASES.parent / "recoveries.toml").read_text("utf-8"))["recovery"]
    assert manifest["restart"]
    assert part.based_on in {recovery["base"] for recovery in carried_out}
