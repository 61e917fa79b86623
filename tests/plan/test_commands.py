"""`plan` and `diff` as a user calls them."""

from __future__ import annotations

import json

import pytest

from forensics.cli import main
from tests.made_clusters import BASES


def test_plan_text(capsys: pytest.CaptureFixture[str]) -> None:
    """The node, the cost, the steps; and that nothing was done."""
    assert main(["plan", str(BASES / "old-leader.tar.xz")]) == 0
    text = capsys.readouterr().out
    assert "RECOVER FROM n2" in text
    assert "/registry/uncommitted/1" in text
    assert "nothing here was executed" in text


def test_plan_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The report's `recovery`, one a cluster."""
    assert main(["plan", "--format", "json", str(BASES / "s118.tar.xz")]) == 0
    (plan,) = json.loads(capsys.readouterr().out)
    ranking = [(row["rank"], row["node"], row["lastTerm"], row["lastIndex"]) for row in plan["recovery"]["ranking"]]
    assert ranking == [(1, "n2", 2, 339), (1, "n3", 2, 339), (2, "n1", 1, 309)]


def test_diff_json(capsys: pytest.CaptureFixture[str]) -> None:
    """An upload against itself: no node changed, every finding in both."""
    path = str(BASES / "s111.tar.xz")
    assert main(["diff", "--format", "json", path, path]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["mode"] == "uploads"
    assert all(not pair["changes"] for pair in found["nodes"])
    assert not found["findings"]["new"]
    assert not found["findings"]["gone"]


def test_plan_of_nothing(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder is an unusable input, not an empty answer."""
    assert main(["plan", str(tmp_path)]) == 3
    assert "there is no file in it" in capsys.readouterr().err
