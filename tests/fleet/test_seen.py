"""What a store knows that is like an upload: the same bytes, the same cluster, the same fault elsewhere, and notes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from forensics.check.build import build, pack
from forensics.cli import main
from forensics.fleet.store import Store
from tests.fixtures import fixture


@pytest.fixture
def own(store: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(store, tmp_path / "store"))


def _upload(folder: Path, name: str) -> Path:
    path = folder / f"{name.replace('/', '-')}.tar.zst"
    path.write_bytes(pack(build(fixture(name)), "tar.zst"))
    return path


def test_the_same_bytes_and_what_a_note_says_of_them(
    uploads: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--store", str(own)]
    assert main(["fleet", "note", "flipped-bit.tar.zst", "bad RAM", *arguments]) == 0
    assert main(["fleet", "seen", str(uploads / "again.tar.zst"), *arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    both = {"uploads/again.tar.zst", "uploads/flipped-bit.tar.zst"}
    assert {one["case"] for one in found["sameBytes"]} == both
    assert [(note["case"], note["text"]) for note in found["notes"]] == [("uploads/flipped-bit.tar.zst", "bad RAM")]
    assert main(["fleet", "note", "flipped-bit.tar.zst", *arguments]) == 0
    assert capsys.readouterr().out.endswith("  bad RAM\n")


def test_the_same_cluster_on_another_day(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The recording of healthy/lxd, with a copy of its database left beside it: other bytes, the same servers.

    sosreport/flipped-bit is made from that recording, too; segment/forced-recovery is not.
    """
    later = _upload(tmp_path, "leftover/lxd-recovery")
    assert main(["fleet", "seen", str(later), "--diff", "--store", str(own)]) == 0
    out = capsys.readouterr().out
    (told,) = [line for line in out.splitlines() if "of the same cluster" in line]
    assert "uploads/healthy-lxd.tar.zst" in told
    assert "forced-recovery" not in told
    assert "\ncompared with uploads/" in out


def test_the_same_fault_in_another_cluster(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One flipped bit in the first segment of a recording of another cluster than that of the two in the store."""
    tree = build(fixture("metadata/given-by-recovery"))
    name = "n2/0000000000000001-0000000000000001"
    content = bytearray(tree[name].content)
    content[len(content) // 2] ^= 1
    tree[name] = replace(tree[name], content=bytes(content))
    other = tmp_path / "other.tar"
    other.write_bytes(pack(tree, "tar"))
    assert main(["fleet", "seen", str(other), "--store", str(own), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert not found["sameCluster"]
    (fault,) = found["sameFault"]
    assert (fault["kind"], fault["rule"], fault["cases"]) == ("log-damaged", "SEG001", 2)


def test_analyze_adds_its_case_and_tells_what_was_seen(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = _upload(tmp_path, "leftover/lxd-recovery")
    written, plain = tmp_path / "seen.json", tmp_path / "plain.json"
    for path, more in ((written, ["--store", str(own)]), (plain, ["-q"])):
        main(["analyze", str(later), "--json", str(path), "--fail-on", "never", *more])
    assert "\nseen      " in capsys.readouterr().out
    told = json.loads(written.read_text())["seen"]
    assert "uploads/healthy-lxd.tar.zst" in [one["case"] for one in told["sameCluster"]]
    query = "SELECT key FROM cases WHERE name LIKE '%leftover-lxd-recovery.tar.zst'"
    assert main(["fleet", "sql", query, "--store", str(own), "--format", "csv"]) == 0
    key = capsys.readouterr().out.split()[1]
    assert Store(str(own)).report_text(key) == plain.read_bytes()
    assert main(["fleet", "run", str(tmp_path / later.name), "--store", str(own), "--workers", "1"]) == 0


def test_standard_input_lies_nowhere(own: Path) -> None:
    assert main(["analyze", "-", "--store", str(own)]) == 2


def test_a_store_in_the_evidence_is_refused(uploads: Path) -> None:
    assert main(["analyze", str(uploads), "--store", str(uploads / "store")]) == 2
    assert not (uploads / "store").exists()
