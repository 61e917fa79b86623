"""The scenarios of issue 5: each is a fixture that names what happened, and was started again for real.

What the restarts say of the choice: tests/plan/test_plan.py (recorded with the base) and tests/plan/test_recoveries.py
(the plan carried out).
"""

from __future__ import annotations

import tomllib

import pytest

from tests.fixtures import fixture, report
from tests.made_clusters import BASES

SCENARIOS: dict[str, tuple[str, str, dict[str, object]]] = {
    "uncommitted entries on an old leader": ("old-leader", "CLU002.divergent-tail", {"fate": "replaced"}),
    "quorum lost, and a forced configuration": ("forced-recovery", "CLU004.left-behind", {"majority": True}),
    "a removed node whose directory remains": ("removed-node", "CLU008.not-a-member", {"removedBy": 88}),
    "an address change": ("address-change", "CLU004.forced-configuration", {"suspected": False}),
    "a node replaced with the same address": (
        "replaced-node",
        "CLU008.not-a-member",
        {"successor": "4862479831794488770"},
    ),
    "two bootstraps": ("two-bootstraps", "CLU005.counted-elsewhere", {"node": "n3"}),
    "a copied directory": ("copied-directory", "CLU006.one-identity", {"copy": "identical"}),
    "five nodes with two voters down": (
        "two-voters-down",
        "CLU011.node-behind",
        {"holders": {"holding": 3, "voters": 5, "unseen": 0, "damaged": False}},
    ),
    "a split brain": ("split-brain", "CLU001.two-histories", {"index": 86}),
    "a dead leader ahead of the others": ("leader-ahead", "CLU017.minority-tail", {"firstIndex": 86}),
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_report_names_what_happened(scenario: str) -> None:
    """By its first finding."""
    name, kind, values = SCENARIOS[scenario]
    first = report(f"cluster/{name}").findings[0]
    assert first.kind == kind
    assert {key: first.values[key] for key in values} == values


def test_roles_are_told() -> None:
    """Stand-by and spare: nothing is wrong there, so the report says who is what."""
    nodes = report("cluster/roles").clusters[0].nodes
    assert [node.role for node in nodes] == ["voter"] * 3 + ["stand-by"] * 3 + ["spare"]


@pytest.mark.parametrize("name", [*(name for name, _, _ in SCENARIOS.values()), "roles"])
def test_it_was_started_again(name: str) -> None:
    """The recording that the fixture starts from has restarts, and its plan was carried out."""
    (part,) = fixture(f"cluster/{name}").parts
    manifest = tomllib.loads((BASES / f"{part.based_on}.toml").read_text("utf-8"))
    carried_out = tomllib.loads((BASES.parent / "recoveries.toml").read_text("utf-8"))["recovery"]
    assert manifest["restart"]
    assert part.based_on in {recovery["base"] for recovery in carried_out}
