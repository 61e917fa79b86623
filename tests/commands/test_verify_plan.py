"""`verify-plan`: the whole way once: damage, the report's steps, the repair, real dqlite starts, and that is seen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fixtures.make.cluster import Cluster
from forensics.check.build import build, write
from forensics.check.tree import File
from forensics.cli import main
from tests.fixtures import fixture
from tests.real_files import recorded
from tests.repair.test_from_others import NODES, uploaded
from tests.tools import tool

_INSERT = (
    "INSERT INTO kine (name, created, deleted, create_revision, prev_revision, lease, value, old_value) "
    "VALUES (?, 1, 0, 0, 0, 0, ?, ?)"
)


def reported(where: Path, name: str) -> tuple[Path, Path]:
    """The upload of a fixture, and the report of it."""
    folder, out = where / "upload", where / "out"
    write(build(fixture(name)), folder)
    main(["analyze", str(folder), "--fail-on", "never", "-o", str(out), "--quiet"])
    return folder, out / "report.json"


def verified(capsys: pytest.CaptureFixture[str], report: Path, upload: Path) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["verify-plan", str(report), str(upload), "--format", "json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, answer


def traces(answer: dict[str, Any]) -> dict[str, str]:
    return {step["kind"]: step["trace"] for step in answer["steps"]}


def run_real(directory: Path, rows: int = 0) -> None:
    """Real dqlite on a directory, until it leads, has settled and has written so many rows; what it leaves lies there
    afterwards.
    """
    info = (directory / "info.yaml").read_text("utf-8")
    address = next(line.split()[-1] for line in info.splitlines() if line.startswith("Address"))
    with Cluster(1997, 0) as cluster:
        node = cluster.adopt("n1", address, directory)
        node.start(ready=False)
        cluster.wait_leader()
        for number in range(rows):
            with cluster.connect("k8s") as client:
                client.execute(_INSERT, f"/later/{number}", b"new", b"")
        node.kill()
        shutil.rmtree(directory)
        shutil.copytree(node.directory, directory)


def test_a_node_that_the_others_do_not_need(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It returns once its bit is set back, and it runs: a start opens segments."""
    folder, out = tmp_path / "upload", tmp_path / "out"
    for node, files in recorded("trimmed").items():
        write({name: File(content) for name, content in files.items()}, folder / node)
    meta = folder / "n2" / "snapshot-2-384-2031904.meta"  # with a wrong checksum in it, n2 does not start
    damaged = bytearray(meta.read_bytes())
    damaged[60] ^= 8
    meta.write_bytes(damaged)
    main(["analyze", str(folder), "--fail-on", "never", "-o", str(out), "--quiet"])
    report, later = out / "report.json", tmp_path / "later"
    assert traces(verified(capsys, report, folder)[1])["return"] == "not-taken"
    shutil.copytree(folder, later)
    shutil.rmtree(later / "n2")
    assert main(["repair", str(folder), "--node", "n2", "-o", str(later / "n2"), "--quiet"]) == 0
    assert traces(verified(capsys, report, later)[1])["return"] == "not-taken"
    (later / "n2" / "open-99").write_bytes(bytes(8192))
    assert traces(verified(capsys, report, later)[1])["return"] == "taken"


def test_before_anything_is_done_nothing_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same upload again: no step took effect, and no node differs."""
    upload, report = reported(tmp_path, "segment/single-flipped-bit")
    code, answer = verified(capsys, report, upload)
    assert code == 1
    assert traces(answer) == {"stop-and-copy": "cannot-tell", "repair": "not-taken", "start": "not-taken"}
    assert [node["words"] for node in answer["between"]] == [[]]
    assert answer["whole"] is False


def test_the_whole_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bit is set back by `repair`: the start is open. Real dqlite starts: all is done, and it is whole."""
    tool("dqlite-demo")
    upload, report = reported(tmp_path, "segment/single-flipped-bit")
    repaired = tmp_path / "repaired" / "n1"
    repaired.parent.mkdir()
    assert main(["repair", str(upload), "-o", str(repaired), "--quiet"]) == 0
    (repaired / "repair.json").unlink()
    code, answer = verified(capsys, report, repaired.parent)
    assert (code, traces(answer)["repair"], traces(answer)["start"]) == (1, "taken", "not-taken")
    run_real(repaired)  # the only voter leads without a new term: what it did not write shows no start
    _, answer = verified(capsys, report, repaired.parent)
    assert traces(answer) == {"stop-and-copy": "cannot-tell", "repair": "taken", "start": "cannot-tell"}
    run_real(repaired, rows=1)
    code, answer = verified(capsys, report, repaired.parent)
    assert (code, answer["whole"]) == (0, True)
    assert traces(answer) == {"stop-and-copy": "cannot-tell", "repair": "taken", "start": "taken"}
    assert any(words.startswith("new: ") for node in answer["between"] for words in node["words"])


def test_segments_that_are_opened_again_have_the_old_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A start closes open-1; the first write opens another open-1: raft counts from 1 whenever it starts."""
    tool("dqlite-demo")
    upload, report = reported(tmp_path, "segment/single-flipped-bit")
    repaired = tmp_path / "repaired" / "n1"
    repaired.parent.mkdir()
    assert main(["repair", str(upload), "-o", str(repaired), "--quiet"]) == 0
    (repaired / "repair.json").unlink()
    run_real(repaired, rows=1)
    assert (repaired / "open-1").exists()
    code, answer = verified(capsys, report, repaired.parent)
    assert (code, traces(answer)["repair"], traces(answer)["start"]) == (0, "taken", "taken")


def test_an_open_segment_where_there_was_none_is_a_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The only voter's first write needs a segment: its term and its closed segments are as they were written."""
    tool("dqlite-demo")
    upload = tmp_path / "upload"
    files = recorded("forced-recovery")["n1"]  # it closed all of them
    segment = files["0000000000000088-0000000000000117"]
    middle = len(segment) // 2
    flipped = segment[:middle] + bytes([segment[middle] ^ 1]) + segment[middle + 1 :]
    write(
        {name: File(content) for name, content in (files | {"0000000000000088-0000000000000117": flipped}).items()},
        upload / "n1",
    )
    main(["analyze", str(upload), "--fail-on", "never", "-o", str(tmp_path / "out"), "--quiet"])
    repaired = tmp_path / "repaired" / "n1"
    repaired.parent.mkdir()
    assert main(["repair", str(upload), "-o", str(repaired), "--quiet"]) == 0
    (repaired / "repair.json").unlink()
    before = {path.name for path in repaired.glob("0*")}
    run_real(repaired, rows=1)
    assert {path.name for path in repaired.glob("0*")} == before
    _, answer = verified(capsys, tmp_path / "out" / "report.json", repaired.parent)
    assert (traces(answer)["repair"], traces(answer)["start"]) == ("taken", "taken")


@pytest.mark.parametrize("lost", [False, True])
def test_what_a_repair_writes_is_no_start(lost: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whole segments, and a new term where the old one is lost: they lie there before the node is started."""
    uploaded(tmp_path / "upload", {"n1": 10, "n2": 50, "n3": 90})
    if lost:
        for node in NODES:
            (tmp_path / "upload" / node / "metadata1").unlink()
    main(["analyze", str(tmp_path / "upload"), "--fail-on", "never", "-o", str(tmp_path / "out"), "--quiet"])
    for node in NODES:
        arguments = ["repair", str(tmp_path / "upload"), "--node", node, "-o", str(tmp_path / "later" / node)]
        (tmp_path / "later").mkdir(exist_ok=True)
        assert main([*arguments, "--quiet"]) == 0
        (tmp_path / "later" / node / "repair.json").unlink()
    _, answer = verified(capsys, tmp_path / "out" / "report.json", tmp_path / "later")
    assert (traces(answer)["repair"], traces(answer)["start"]) == ("taken", "cannot-tell" if lost else "not-taken")


def test_a_new_member_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The recording `replaced-node`: n3-before was taken out; n3 is what joined at its address, with another ID."""
    nodes = recorded("replaced-node")
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, replaced in ((before, "n3-before"), (after, "n3")):
        for name, source in (("n1", "n1"), ("n2", "n2"), ("n3", replaced)):
            (folder / name).mkdir(parents=True)
            for file, content in nodes[source].items():
                (folder / name / file).write_bytes(content)
    main(["analyze", str(before), "--fail-on", "never", "-o", str(tmp_path / "out"), "--quiet"])
    code, answer = verified(capsys, tmp_path / "out" / "report.json", after)
    assert traces(answer)["leave-behind"] == "taken"
    [n3] = [node for node in answer["between"] if node["node"] == "n3"]
    assert any(words.startswith("its ID was") for words in n3["words"])
    assert code in {0, 4}


def test_another_cluster_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload, report = reported(tmp_path, "cluster/lagging")
    other = tmp_path / "other"
    write(build(fixture("cluster/replaced-node")), other)
    code, answer = verified(capsys, report, other)
    assert (code, answer["related"], answer["steps"]) == (1, False, [])
    assert upload.is_dir()
