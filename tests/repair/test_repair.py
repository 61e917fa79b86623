"""`repair`: real dqlite starts the result; the evidence stays as it is; what is not proved is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
from pathlib import Path

import pytest

from fixtures.make.client import Client
from fixtures.make.cluster import Cluster
from forensics.check.build import build, pack, write
from forensics.cli import main
from tests.fixtures import fixture
from tests.real_files import recorded


def upload(where: Path, name: str) -> Path:
    folder = where / "upload"
    write(build(fixture(name)), folder)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_bit_is_set_back_and_nothing_else_changes(tmp_path: Path) -> None:
    """The fixture flips bit 3 of byte 20000 of the recording's open-1: the result has the recording's bytes."""
    folder = upload(tmp_path, "segment/single-flipped-bit")
    before = digests(folder)
    assert main(["repair", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert digests(folder) == before
    out = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    ledger = json.loads(out.pop("repair.json"))
    assert out.pop("repair.txt").endswith(b"put the old directory back.\n")
    [truth] = recorded("single").values()
    assert out == {name: truth[name] for name in out}
    assert set(truth) - set(out) == {one["name"] for one in ledger["leftOut"]}
    [changed] = [file for file in ledger["files"] if file["changes"]]
    old = (folder / "n1" / "open-1").read_bytes()[20000]
    [change] = changed["changes"]
    assert (changed["name"], change["offset"], change["old"], change["new"]) == ("open-1", 20000, old, old ^ 8)
    assert changed["sha256Before"] == before["n1/open-1"]
    assert changed["sha256After"] == hashlib.sha256(truth["open-1"]).hexdigest()
    assert (ledger["kept"]["last"], ledger["forecast"]["outcome"]) == (142, "starts")


@pytest.mark.parametrize(
    ("name", "node", "words"),
    [
        ("cluster/two-flipped-bits", "n2", "other nodes go on without it"),
        ("cluster/three-flipped-bits", "n3", "repair n1 instead"),
        ("cluster/split-brain", "n1", "several histories"),
        ("cluster/lagging", "n1", "nothing has to be repaired"),
    ],
)
def test_what_is_not_needed_or_not_proved_is_refused(
    name: str, node: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = upload(tmp_path, name)
    assert main(["repair", str(folder), "--node", node, "-o", str(tmp_path / "out")]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_a_directory_that_exists_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = upload(tmp_path, "segment/single-flipped-bit")
    (tmp_path / "out").mkdir()
    assert main(["repair", str(folder), "-o", str(tmp_path / "out")]) == 2
    assert "exists already" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())


def test_evidence_that_is_cut_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = pack(build(fixture("segment/single-flipped-bit")), "tar")
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    assert main(["repair", str(tmp_path / "cut.tar"), "-o", str(tmp_path / "out")]) == 2
    assert "did not arrive whole" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["cut.tar"]


def test_lost_metadata_is_made_anew(tmp_path: Path) -> None:
    """Without it a founder founds its cluster again, and its first start fails (docs/reference/start.md#bootstrap)."""
    folder, out = upload(tmp_path, "segment/single-flipped-bit"), tmp_path / "out"
    (folder / "n1" / "metadata1").unlink()
    assert main(["repair", str(folder), "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    assert {one["name"]: one["made"] for one in ledger["files"] if one["made"]} == {"metadata1": "term"}
    format_version, _, term, vote = struct.unpack("<4Q", (out / "metadata1").read_bytes())
    assert (format_version, term, vote) == (1, 2, 0)  # all entries are of term 1
    assert ledger["forecast"]["bootstrap"] is None


def test_a_private_key_is_not_copied(tmp_path: Path) -> None:
    folder = upload(tmp_path, "segment/single-flipped-bit")
    (folder / "n1" / "cluster.key").write_text("secret", "utf-8")
    assert main(["repair", str(folder), "-o", str(tmp_path / "out")]) == 0
    assert not (tmp_path / "out" / "cluster.key").exists()
    ledger = json.loads((tmp_path / "out" / "repair.json").read_text("utf-8"))
    assert {"name": "cluster.key", "why": "key", "sha256": None} in ledger["leftOut"]


@pytest.mark.skipif(shutil.which("dqlite-demo") is None, reason="Debian's dqlite is not installed")
def test_real_dqlite_starts_the_result_with_every_row(tmp_path: Path) -> None:
    """122 rows: what real dqlite answered from the undamaged recording (fixtures/courses.toml)."""
    folder = upload(tmp_path, "segment/single-flipped-bit")
    assert main(["repair", str(folder), "-o", str(tmp_path / "out")]) == 0
    info = (tmp_path / "out" / "info.yaml").read_text("utf-8")
    address = next(line.split()[-1] for line in info.splitlines() if line.startswith("Address"))
    with Cluster(1998, 0) as cluster:
        cluster.adopt("n1", address, tmp_path / "out").start(ready=False)
        with Client(cluster.wait_leader().address, timeout=30) as client:
            client.open("k8s")
            assert len(client.query("SELECT * FROM kine").rows) == 122
            assert client.query("PRAGMA integrity_check").rows == (("ok",),)


def test_the_readme_shows_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = upload(tmp_path, "segment/single-flipped-bit")
    assert main(["repair", str(folder), "-o", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    shown = readme[readme.index("The state directory of n1, repaired") :].partition("\n…\n```")[0]
    assert all(part in printed for part in shown.split("\n…\n"))
