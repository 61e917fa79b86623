"""Segments under another one's name, on several nodes: what is sure of the others tells which, and real rows return."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from forensics.cli import main
from tests.held.raw_log import read_log
from tests.held.recording import version_of
from tests.real_files import recorded
from tests.repair.real import recorded_rows, started
from tests.repair.test_from_others import dqlite


def renamed(recording: str, where: Path, names: Mapping[str, Mapping[str, str | None]]) -> dict[str, dict[str, bytes]]:
    """A recording with files of each node renamed, or (None) gone. Gives the recording's own files, by node."""
    truth = recorded(recording)
    for node, files in truth.items():
        (where / node).mkdir(parents=True)
        for name, content in files.items():
            name_now = names.get(node, {}).get(name, name)
            if name_now is not None:
                (where / node / name_now).write_bytes(content)
    return truth


SECOND = "0000000000000464-0000000000000909"
FIRST, LATER = "0000000000000001-0000000000000001", "0000000000001025-0000000000001470"
NEWEST = ("snapshot-1-2048-2024177", "snapshot-1-2048-2024177.meta")  # with it, n2 and n3 can go on
ANOTHER_EACH = {
    "n1": {FIRST: "0000000000000011-0000000000000011", "metadata1": None},
    "n2": {SECOND: "0000000000001464-0000000000001909", **dict.fromkeys(NEWEST)},
    "n3": {SECOND: "0000000000000464-0000000000001909"},
}
OVERLAP, OPEN = "0000000000001919-0000000000002049", ("0000000000001917-0000000000002048", "open-7")
FAR_SWAPPED = {"n1": dict(zip(OPEN, OPEN[::-1], strict=True)), "n2": {SECOND: OVERLAP, OVERLAP: SECOND}}
SWAPPED = {"n1": {FIRST: LATER, LATER: FIRST}, "n2": {SECOND: None}, "n3": {SECOND: None}}


TRIMMED = {
    "n1": {"0000000000000321-0000000000000384": "0000000000000323-0000000000000386"},
    "n2": {"0000000000000322-0000000000000385": "0000000000000324-0000000000000385"},
    "n3": {"0000000000000386-0000000000000414": "0000000000000386-0000000000000413"},
}


@dqlite
@pytest.mark.parametrize(
    ("node", "recording", "names", "last"),
    [
        ("n1", "lagging", ANOTHER_EACH, 2246),
        ("n2", "lagging", ANOTHER_EACH, 2246),
        ("n1", "lagging", SWAPPED, 2246),
        ("n1", "lagging", FAR_SWAPPED, 2246),
        ("n1", "trimmed", TRIMMED, 414),
        ("n2", "trimmed", TRIMMED, 414),
    ],
)
def test_on_each_of_three_nodes(
    node: str, recording: str, names: Mapping[str, Mapping[str, str | None]], last: int, tmp_path: Path
) -> None:
    """All entries are still there, under right names on some node or in a snapshot."""
    upload, out = tmp_path / "upload", tmp_path / "out"
    truth = renamed(recording, upload, names)
    assert main(["repair", str(upload), "--node", node, "--alone", "-o", str(out)]) == 0
    assert json.loads((out / "repair.json").read_text("utf-8"))["kept"]["last"] == last + 1  # a new configuration
    log, right = read_log({path.name: path.read_bytes() for path in out.iterdir()}), read_log(truth["n2"])
    shared = {index for index in log if index in right}
    assert {index: log[index] for index in shared} == {index: right[index] for index in shared}
    rows = recorded_rows(recording)
    assert started([out], version_of(recording), rows) == ("out", rows)


@pytest.mark.parametrize(
    ("copy", "length"),
    [
        ("open-4", None),
        ("open-4", 1_714_400),  # as it was before it was full: byte 1714400 is the end of batch 99
        ("0000000000000002-0000000000000142", None),  # with the zeros behind its entries
        ("0000000000000002-0000000000000142", 2464352),  # as raft closes it: byte 2464352 is the end of batch 141
    ],
)
def test_what_a_copy_holds_is_there_once(copy: str, length: int | None, tmp_path: Path) -> None:
    """The recording ends at 142: one entry in the closed segment, 141 in open-1."""
    upload, out = tmp_path / "upload", tmp_path / "out"
    truth = renamed("single", upload, {})["n1"]
    (upload / "n1" / copy).write_bytes(truth["open-1"][:length])
    assert main(["repair", str(upload), "--node", "n1", "--alone", "--at", "142", "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    assert (ledger["kept"]["last"], ledger["lost"]) == (143, [])  # a new configuration
    log, right = read_log({path.name: path.read_bytes() for path in out.iterdir()}), read_log(truth)
    assert {index: log[index] for index in right} == right
    out_of_reach = ["repair", str(upload), "--node", "n1", "--alone", "--at", "143", "-o", str(tmp_path / "further")]
    assert main(out_of_reach) == 2


@pytest.mark.parametrize("gone", [1, 2])
def test_a_history_behind_a_hole_is_no_wrong_name(
    gone: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """n1 and n2 each went on alone behind entry 85. What n2 has of its own stands alone, but nowhere else."""
    upload, out = tmp_path / "upload", tmp_path / "out"
    before = ["0000000000000001-0000000000000085", "0000000000000086-0000000000000086"][:gone]
    renamed("split-brain", upload, {"n2": dict.fromkeys(before)})
    assert main(["repair", str(upload), "--node", "n1", "--alone", "-o", str(out)]) == 2
    assert "several histories" in capsys.readouterr().err
    assert not out.exists()


def test_names_that_tell_of_each_other(tmp_path: Path) -> None:
    """What n2 has of 1919 to 2049 goes on one entry behind what n1 has; and only with that, it tells of n1's."""
    upload, out = tmp_path / "upload", tmp_path / "out"
    truth = renamed("lagging", upload, FAR_SWAPPED)["n2"]
    assert main(["repair", str(upload), "--node", "n2", "-o", str(out)]) == 0
    segments = {name for name in truth if name[0] == "0"}
    assert {name: (out / name).read_bytes() for name in segments} == {name: truth[name] for name in segments}
    assert json.loads((out / "repair.json").read_text("utf-8"))["against"] == []


def test_databases_are_not_rebuilt_from_a_wrong_name(tmp_path: Path) -> None:
    """n3 shows that what n2 has under 1919 to 2049 are the entries 464 to 909; nothing tells what 464 to 909 holds."""
    upload, out = tmp_path / "upload", tmp_path / "out"
    renamed("lagging", upload, {"n2": FAR_SWAPPED["n2"]})
    shutil.rmtree(upload / "n1")
    for meta in upload.glob("n?/*.meta"):
        meta.unlink()
    assert main(["repair", str(upload), "--node", "n2", "--alone", "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    assert (ledger["kept"]["snapshotIndex"], ledger["lost"][0]["first"]) == (2048, 2049)


def test_a_segment_gets_its_own_name_back(tmp_path: Path) -> None:
    """n1 forced itself alone at entry 87, where others end at 86: only what lies under the wrong name shows that n1 had
    their entries before that.
    """
    upload, out = tmp_path / "upload", tmp_path / "out"
    right, wrong = "0000000000000007-0000000000000086", "0000000000000008-0000000000000087"
    truth = renamed("forced-recovery", upload, {"n1": {right: wrong}})
    assert main(["repair", str(upload), "--node", "n1", "-o", str(out)]) == 0
    assert (out / right).read_bytes() == truth["n1"][right]
    assert read_log({path.name: path.read_bytes() for path in out.iterdir()}) == read_log(truth["n1"])
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    [file] = [one for one in ledger["files"] if one["name"] == right]
    assert file["origin"].endswith(f"n1/{wrong}")
    assert wrong not in {one["name"] for one in ledger["leftOut"]}
    assert f"  {right}: copied, renamed: it was {wrong}" in (out / "repair.txt").read_text("utf-8").splitlines()
