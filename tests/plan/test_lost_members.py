"""`--assume-member-lost`: as if a member had sent nothing and were gone for good; held against restarts without it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from forensics.check.build import build, write
from forensics.cli import main
from tests.fixtures import fixture
from tests.made_clusters import BASES

ADDRESSES = {"n1": "127.20.25.1:8443", "n2": "127.20.25.2:8443", "n3": "127.20.25.3:8443"}
IDS = {"n1": "3297041220608546238", "n2": "8324323419076103747", "n3": "15689037996038819602"}
"""Of the recording lxd-database, by its manifest."""


def lost(*names: str) -> list[str]:
    return [word for name in names for word in ("--assume-member-lost", name)]


def plans(capsys: pytest.CaptureFixture[str], path: str | Path, *names: str) -> list[dict[str, Any]]:
    """What `plan --format json` says without these members."""
    assert main(["plan", str(path), "--format", "json", *lost(*names)]) == 0
    made: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return made


def base(name: str) -> Path:
    return BASES / f"{name}.tar.xz"


def checks(plan: dict[str, Any]) -> dict[str, str]:
    """Kind → words."""
    return {check["kind"]: check["what"] for check in plan["recovery"]["checks"]}


def restarts() -> list[tuple[str, dict[str, Any]]]:
    """Real restarts of some of a recording's nodes, nothing forced: the others were as good as lost."""
    found = []
    for name in ("two-voters-down", "lagging", "leader-ahead", "misleading-segments", "killed-mid-write", "s118"):
        manifest = tomllib.loads((BASES / f"{name}.toml").read_text(encoding="utf-8"))
        names = {node["directory"] for node in manifest["node"]}
        for restart in manifest.get("restart", []):
            gone = names - set(restart["started"])
            if gone and not restart.get("forced") and not any("-before" in one for one in names):
                found.append((name, restart | {"gone": sorted(gone)}))
    return found


RESTARTS = restarts()


@pytest.mark.parametrize(("name", "restart"), RESTARTS, ids=[f"{name}: {one['title']}" for name, one in RESTARTS])
def test_who_led_without_the_others(name: str, restart: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Real dqlite elected nobody, or one of those that the plan names."""
    (made,) = plans(capsys, base(name), *restart["gone"])
    may_lead = set(made["recovery"]["mayLead"])
    assert set(restart["leaders"]) <= may_lead
    assert bool(restart["leaders"]) == bool(may_lead)
    assert not may_lead & set(restart["gone"])


def test_restarts_of_three_and_of_five() -> None:
    assert {"two-voters-down", "lagging"} <= {name for name, _ in RESTARTS}
    assert any(not restart["leaders"] for _, restart in RESTARTS)


@pytest.mark.parametrize("name", ["n3", ADDRESSES["n3"], IDS["n3"]], ids=["name", "address", "id"])
def test_one_of_three(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The two others have everything, and are a majority; n3 becomes a spare, and nobody asks for it."""
    (made,) = plans(capsys, base("lxd-database"), name)
    plan = made["recovery"]
    assert made["assumedLost"] == [{"id": IDS["n3"], "address": ADDRESSES["n3"], "role": "voter", "node": "n3"}]
    assert [candidate["node"] for candidate in plan["ranking"]] == ["n1", "n2"]
    assert (plan["startAdvice"], plan["mayLead"]) == ("safe", ["n1", "n2"])
    assert {member["address"]: member["role"] for member in plan["members"]} == {
        ADDRESSES["n1"]: "voter",
        ADDRESSES["n2"]: "voter",
        ADDRESSES["n3"]: "spare",
    }
    assert "members-lost" in checks(made)
    assert not {"logs-missing", "all-logs"} & checks(made).keys()
    assert "look at" not in checks(made)["members-lost"]


def test_two_of_three(capsys: pytest.CaptureFixture[str]) -> None:
    """n3 alone is no majority, and cannot know what the others committed: by hand, entry 57 is its last."""
    (made,) = plans(capsys, base("lxd-database"), "n1", IDS["n2"])
    plan = made["recovery"]
    assert (plan["node"], plan["mayLead"], plan["startFirst"]) == ("n3", [], False)
    assert "n1 and n2 are taken for lost for good: committed entries" in checks(made)["members-lost"]
    assert "logs-missing" not in checks(made)


def test_three_of_five(capsys: pytest.CaptureFixture[str]) -> None:
    """The two laggards that are left are no majority of five, and end at entry 71 (libraft's count)."""
    (made,) = plans(capsys, base("two-voters-down"), "n1", "n2", "n3")
    plan = made["recovery"]
    assert plan["mayLead"] == []
    assert [(one["node"], one["lastIndex"]) for one in plan["ranking"]] == [("n4", 71), ("n5", 71)]
    assert [one["node"] for one in made["assumedLost"]] == ["n1", "n2", "n3"]


@pytest.mark.parametrize(
    ("name", "gone", "course"),
    [
        ("lxd-database", ["n1"], "nothing"),  # two of three are a majority
        ("lxd-database", ["n1", "n2"], "recover"),  # one is not, and nobody is left who may hold more
        ("two-voters-down", ["n1", "n2", "n3"], "recover"),
    ],
)
def test_nobody_waits_for_who_is_lost(
    name: str, gone: list[str], course: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The steps ask for nothing more: what is lost does not arrive."""
    (made,) = plans(capsys, base(name), *gone)
    assert made["recovery"]["course"] == course
    assert "collect" not in [step["kind"] for step in made["first"]]


def test_what_keeps_the_node_from_starting_is_mended_before_it_is_recovered_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its key is not that of its certificate: k8s-dqlite ends before dqlite starts, whatever was forced."""
    path = tmp_path / "one"
    write(build(fixture("certificate/recover-with-other-key")), path)
    (made,) = plans(capsys, path, "127.20.1.2:9000", "127.20.1.3:9000")
    assert made["recovery"]["course"] == "recover"
    kinds = [step["kind"] for step in made["first"]]
    assert kinds.index("mend") < kinds.index("force") < kinds.index("start")
    (stops,) = [check for check in made["recovery"]["checks"] if check["kind"] == "product-stops"]
    assert (stops["state"], stops["nodes"]) == ("stop", ["n1"])


def test_of_equal_nodes_the_first_that_its_product_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """n1 and n2 have another key, and all three end at entry 270."""
    path = tmp_path / "three"
    write(build(fixture("certificate/other-key-everywhere")), path)
    (made,) = plans(capsys, path)
    assert [(one["rank"], one["node"]) for one in made["recovery"]["ranking"]] == [(1, "n3"), (1, "n1"), (1, "n2")]
    assert "product-stops" not in checks(made)


def test_a_member_that_sent_nothing_is_not_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the same recording with n3's directory left out: missing, unless it is taken for lost by its address."""
    folder = unpacked(tmp_path, "lxd-database", "n1", "n2")
    (asked,) = plans(capsys, folder)
    assert "logs-missing" in checks(asked)
    assert "members-lost" not in checks(asked)
    (given_up,) = plans(capsys, folder, ADDRESSES["n3"])
    assert "logs-missing" not in checks(given_up)
    assert f"{ADDRESSES['n3']} is taken for lost for good" in checks(given_up)["members-lost"]
    assert given_up["recovery"]["ranking"] == asked["recovery"]["ranking"]


def unpacked(folder: Path, name: str, *nodes: str) -> Path:
    """Some directories of a recording."""
    import tarfile  # noqa: PLC0415 - one test

    with tarfile.open(base(name)) as archive:
        chosen = [one for one in archive if one.name.split("/")[1:2] and one.name.split("/")[1] in nodes]
        archive.extractall(folder, chosen, filter="data")
    return folder / name


def test_a_machine_takes_both_of_its_databases_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Canonical Kubernetes: k8s-dqlite and k8sd of one machine."""
    path = tmp_path / "both"
    write(build(fixture("certificate/all-expired-two-databases")), path)
    names = {plan["database"]: [one["node"] for one in plan["recovery"]["ranking"]] for plan in plans(capsys, path)}
    assert len(names) == 2
    gone = next(iter(names.values()))[0]
    for plan in plans(capsys, path, gone):
        assert [one["node"] for one in plan["assumedLost"]] == [gone]
        assert [one["node"] for one in plan["recovery"]["ranking"]] == [
            name for name in names[plan["database"]] if name != gone
        ]


@pytest.mark.parametrize("command", ["plan", "forecast"])
def test_no_such_member(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, str(base("lxd-database")), *lost("n9")]) == 2
    said = capsys.readouterr().err
    assert "no member n9" in said
    for name in ("n1", "n2", "n3"):
        assert f"{name} (ID {IDS[name]}, {ADDRESSES[name]})" in said


def test_all_members(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(base("lxd-database")), *lost("n1", "n2", "n3")]) == 2
    assert "no directory is left" in capsys.readouterr().err


def test_a_forecast_of_those_that_are_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", str(base("lxd-database")), "--format", "json", *lost("n1")]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [(one["node"], one["lastIndex"], one["assumedLost"]) for one in made] == [
        ("n2", 73, ["n1"]),
        ("n3", 57, ["n1"]),
    ]
    assert main(["forecast", str(base("lxd-database")), "--node", "n1", *lost("n1")]) == 2


def test_the_texts_say_the_assumption(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("plan", "forecast"):
        assert main([command, str(base("lxd-database")), *lost("n1", "n2")]) == 0
        assert "as if lost for good: n1, n2\n" in capsys.readouterr().out
