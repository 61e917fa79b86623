"""`verify-plan` with a repair.json: what became of the repaired directory, by its digests and its last entry."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fixtures.make.cluster import Cluster
from forensics.cli import main
from tests.commands.test_verify_plan import run_real
from tests.real_files import recorded
from tests.repair.test_from_others import NODES, dqlite, uploaded
from tests.repair.test_repair import digests, upload


def verified(capsys: pytest.CaptureFixture[str], ledger: Path, later: Path) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["verify-plan", str(ledger), str(later), "--format", "json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, answer


def traces(answer: dict[str, Any]) -> dict[str, str]:
    return {step["kind"]: step["trace"] for step in answer["steps"]}


def repaired(tmp_path: Path, folder: Path, *options: str) -> tuple[Path, Path]:
    """The ledger, and the directory as it would be put into its place: without it."""
    out, ledger = tmp_path / "later" / "n1", tmp_path / "repair.json"
    out.parent.mkdir()
    assert main(["repair", str(folder), "--node", "n1", *options, "-o", str(out)]) == 0
    (out / "repair.json").rename(ledger)
    (out / "repair.txt").unlink()
    return ledger, out


@dqlite
def test_one_node_before_and_behind_each_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = upload(tmp_path, "segment/single-flipped-bit")
    ledger, out = repaired(tmp_path, folder)
    code, answer = verified(capsys, ledger, folder)
    assert (code, traces(answer)["restore"], traces(answer)["start"]) == (1, "not-taken", "not-taken")
    assert {one["name"]: one["now"] for one in answer["files"]}["open-1"] == "changed"
    code, answer = verified(capsys, ledger, out.parent)
    assert (code, traces(answer)["restore"], traces(answer)["start"]) == (1, "taken", "not-taken")
    assert {one["now"] for one in answer["files"]} == {"as-written"}
    run_real(out)  # open-1 is a closed segment from then on
    code, answer = verified(capsys, ledger, out.parent)
    assert (code, answer["whole"]) == (0, True)
    assert traces(answer) == {"stop": "cannot-tell", "copy": "cannot-tell", "restore": "taken", "start": "taken"}
    assert {one["name"]: one["now"] for one in answer["files"]}["open-1"] == "gone"


@dqlite
def test_an_only_voter_that_wrote_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It leads in the term that it had, and no file changes: whether it was started cannot be told."""
    uploaded(tmp_path / "upload", {"n1": 10, "n2": 50, "n3": 90})
    ledger, out = repaired(tmp_path, tmp_path / "upload", "--alone")
    before = digests(out)
    run_real(out)
    assert digests(out) == before
    _, answer = verified(capsys, ledger, out.parent)
    assert (traces(answer)["restore"], traces(answer)["start"]) == ("taken", "cannot-tell")
    run_real(out, rows=1)
    _, answer = verified(capsys, ledger, out.parent)
    assert (traces(answer)["restore"], traces(answer)["start"]) == ("taken", "taken")


@dqlite
def test_new_open_segments_with_old_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """n1 lost its closed segment: its old open segments are left out, and a start opens some with the same names."""
    for node, first in (("n1", "0000000000000001-0000000000000001"), ("n2", "")):
        (tmp_path / "upload" / node).mkdir(parents=True)
        for name, content in recorded("restored-backup")[node].items():
            if name != first:
                (tmp_path / "upload" / node / name).write_bytes(content)
    ledger, out = repaired(tmp_path, tmp_path / "upload", "--alone")
    left = {one["name"]: one["sha256"] for one in json.loads(ledger.read_text("utf-8"))["leftOut"]}
    assert left == {name: digest for name, digest in digests(tmp_path / "upload" / "n1").items() if name in left}
    run_real(out, rows=1)
    assert {path.name for path in out.iterdir()} & set(left) >= {"open-1", "open-2"}
    _, answer = verified(capsys, ledger, out.parent)
    assert (traces(answer)["restore"], traces(answer)["start"]) == ("taken", "taken")
    shutil.copy(tmp_path / "upload" / "n1" / "open-1", out)
    _, answer = verified(capsys, ledger, out.parent)
    assert (traces(answer)["restore"], traces(answer)["start"]) == ("in-part", "cannot-tell")


@dqlite
def test_a_cluster_that_joined_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """n1 alone; then real nodes join it, empty: their logs have its last entry."""
    uploaded(tmp_path / "upload", {"n1": 10, "n2": 50, "n3": 90})
    ledger, out = repaired(tmp_path, tmp_path / "upload", "--alone")
    for node in ("n2", "n3"):
        shutil.copytree(tmp_path / "upload" / node, out.parent / node)
    code, answer = verified(capsys, ledger, out.parent)
    assert (code, traces(answer)["restore"], traces(answer)["rejoin"]) == (1, "taken", "not-taken")
    with Cluster(1, len(NODES)) as cluster:
        cluster["n1"].adopt(out)
        cluster["n1"].start()
        for name in ("n2", "n3"):
            cluster[name].start(cluster["n1"])
        cluster.wait_roles(voter=len(NODES))
        cluster.wait_refreshed()
        for name in reversed(NODES):
            cluster[name].stop()
        for name in NODES:
            shutil.rmtree(out.parent / name)
            shutil.copytree(cluster[name].directory, out.parent / name)
    code, answer = verified(capsys, ledger, out.parent)
    assert (code, answer["whole"]) == (0, True)
    assert {traces(answer)[kind] for kind in ("restore", "start", "rejoin")} == {"taken"}


def test_another_cluster_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger, _ = repaired(tmp_path, upload(tmp_path, "segment/single-flipped-bit"))
    other = tmp_path / "other"
    other.mkdir()
    code, answer = verified(capsys, ledger, upload(other, "cluster/replaced-node"))
    assert (code, answer["related"], answer["steps"]) == (1, False, [])


def test_a_ledger_that_is_damaged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "repair.json").write_text('{"leftOut": [], "kept": 3}', "utf-8")
    folder = upload(tmp_path, "segment/single-flipped-bit")
    assert main(["verify-plan", str(tmp_path / "repair.json"), str(folder)]) == 3
    assert "not a repair.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("part", "left"),
    [("files", []), ("steps", []), ("steps", ["stop", "copy"]), ("steps", ["restore"]), ("steps", ["start"])],
)
def test_a_ledger_that_lacks_what_is_compared(
    part: str, left: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing to hold against the upload is no step that took effect: no such ledger was written by `repair`."""
    folder = upload(tmp_path, "segment/single-flipped-bit")
    ledger, out = repaired(tmp_path, folder)
    content = json.loads(ledger.read_text("utf-8"))
    content[part] = [one for one in content[part] if one.get("kind") in left]
    ledger.write_text(json.dumps(content), "utf-8")
    assert main(["verify-plan", str(ledger), str(out.parent)]) == 3
    assert "not a whole repair.json" in capsys.readouterr().err
