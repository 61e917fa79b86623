"""`.cluster` and `.leader`, against what the running clusters answered to the same questions."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"


def _ask(capsys: pytest.CaptureFixture[str], base: str, *words: str) -> list[dict[str, Any]]:
    assert main(["sql", str(BASES / f"{base}.tar.xz"), *words, "--format", "json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def _end(base: str) -> dict[str, Any]:
    told = tomllib.loads((BASES / f"{base}.toml").read_text())
    return next(moment for moment in told["moment"] if moment["moment"] == "end")


@pytest.mark.parametrize("base", ["healthy", "lagging", "removed-node", "replaced-node", "roles", "two-voters-down"])
def test_the_members_are_those_that_the_leader_named(capsys: pytest.CaptureFixture[str], base: str) -> None:
    rows = _ask(capsys, base, ".cluster")
    told = _end(base)["members"]
    assert {(row["id"], row["address"], row["role"]) for row in rows} == {
        (member["id"], member["address"], member["role"]) for member in told
    }


@pytest.mark.parametrize("base", ["healthy", "lagging", "replaced-node", "removed-node", "forced-recovery", "roles"])
def test_no_other_leader_is_named_than_the_one_that_led(capsys: pytest.CaptureFixture[str], base: str) -> None:
    """The last term's: by votes it may be unknown, but never somebody else."""
    told = tomllib.loads((BASES / f"{base}.toml").read_text())["moment"]
    moment = [one for one in told if not one["moment"].startswith("restart")][-1]
    id_of = {member["address"].rpartition(".")[2].partition(":")[0]: member["id"] for member in moment["members"]}
    last = _ask(capsys, base, ".leader")[-1]
    assert last["id"] in ("", id_of[moment["leader"].removeprefix("n")])


def test_the_founder_led_the_first_term_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """s111: n1 bootstrapped, the only voter until n2 and n3 joined; n2 led term 2, by two votes of three."""
    rows = _ask(capsys, "s111", ".leader")
    assert [(row["term"], row["address"]) for row in rows] == [(1, "127.0.0.1:9001"), (2, "127.0.0.1:9002")]
    assert [row["address"] for row in _ask(capsys, "s111", ".cluster", "--at", "1")] == ["127.0.0.1:9001"]


def test_behind_a_forced_configuration_another_may_lead_in_the_same_term(capsys: pytest.CaptureFixture[str]) -> None:
    """The manifest of address-change: n1 led before, n3 at the end, at its new address; entry 86 was written by hand.

    All metadata hold term 1 and a vote for n3: n2 and n3 came without metadata, so term 1 was voted on again.
    """
    led = {
        moment["moment"]: moment["leader"]
        for moment in tomllib.loads((BASES / "address-change.toml").read_text())["moment"]
    }
    assert (led["before"], led["end"]) == ("n1", "n3")
    rows = _ask(capsys, "address-change", ".leader")
    assert [(row["term"], row["first"], row["last"], row["address"]) for row in rows] == [
        (1, 1, 85, "127.20.237.1:9000"),
        (1, 86, 86, ""),
        (1, 87, 106, "127.20.237.13:9000"),
    ]
    assert "written by hand" in rows[1]["known by"]


def test_an_index_before_all_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """The logs of `trimmed` begin behind its first snapshots: nothing tells of the members at index 1."""
    assert main(["sql", str(BASES / "trimmed.tar.xz"), ".cluster", "--at", "1"]) == 2
    assert "does not know the configuration at index 1: its oldest one is of index 6" in capsys.readouterr().err


@pytest.mark.parametrize("word", [".cluster", ".leader"])
def test_an_index_behind_the_end_is_an_error_that_says_what_there_is(
    capsys: pytest.CaptureFixture[str], word: str
) -> None:
    """The logs of s111's n2 and n3 end at 340, by its manifest; the one that reaches furthest is asked."""
    assert main(["sql", str(BASES / "s111.tar.xz"), word, "--at", "99999"]) == 2
    told = capsys.readouterr()
    assert "no answer for index 99999; the logs hold n2: 1-340" in told.err
    assert told.out == ""
    assert main(["sql", str(BASES / "s111.tar.xz"), word, "--at", "340"]) == 0


def test_other_commands_of_the_shell_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", str(BASES / "s111.tar.xz"), ".reconfigure x y"]) == 2
    assert ".cluster and .leader" in capsys.readouterr().err
