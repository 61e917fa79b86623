"""`forecast` on directories: what it prints, what-if, proposals, and that it touches nothing."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import pytest

from bench.agreement.corpus import load_bases
from bench.agreement.state import State
from forensics.check.build import build, write
from forensics.cli import main
from forensics.crc import crc32
from forensics.report.case_lines import Line, answers_of_case
from tests.fixtures import fixture, known, report

BASES = load_bases(Path("fixtures/forecast"), 2)
ONE, TWO = "0000000000000002-0000000000000009", "0000000000000010-0000000000000020"


def _write(where: Path, state: State) -> Path:
    where.mkdir()
    for name, data in state.items():
        (where / name).write_bytes(data or b"")
    return where


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["forecast", *arguments, "--format", "json"]) == 0
    documents: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return documents


def _flipped(data: bytes | None, at: int) -> bytes:
    content = bytearray(data or b"")
    content[at] ^= 1
    return bytes(content)


def test_a_healthy_directory_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """tiny-log holds segments of 1 + 8 + 11 + 1 entries, then open ones of 4 and 3, and an unused one."""
    [one] = _json(capsys, str(_write(tmp_path / "n", BASES["tiny-log"])), "--dqlite", "1.18")
    assert (one["outcome"], one["stage"], one["code"], one["message"]) == ("starts", "start", None, None)
    assert (one["startIndex"], one["entries"], one["lastIndex"], one["snapshot"]) == (1, 28, 28, None)
    assert (one["term"], one["votedFor"], one["dqliteVersion"]) == (2, "2", "1.18")
    assert [change["action"] for change in one["changes"]] == ["truncate", "rename", "truncate", "rename", "delete"]
    assert (one["lost"], one["proposals"]) == ([], [])
    assert (one["together"]["state"], one["together"]["reason"]) == ("safe", "whole")


def test_a_start_that_splits_the_cluster_is_not_just_a_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both n1 and n2 were made the only member: each starts well by itself. The words are those of the report."""
    write(build(fixture("cluster/split-brain")), tmp_path)
    said = {one["node"]: one for one in _json(capsys, str(tmp_path))}
    assert {name: one["outcome"] for name, one in said.items()} == dict.fromkeys(("n1", "n2", "n3"), "starts")
    case = known(report("cluster/split-brain").case)
    assert {name: one["together"]["words"] for name, one in said.items()} == {one.node: one.words for one in case.nodes}
    assert {name: one["together"]["state"] for name, one in said.items()} == {
        "n1": "splits",
        "n2": "splits",
        "n3": "safe",
    }
    assert main(["forecast", str(tmp_path), "--node", "n2"]) == 0
    assert capsys.readouterr().out.startswith(f"n2: {said['n2']['together']['words']}\n")


def test_a_copy_of_a_node_is_not_just_a_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """lag3 is n3 as it was at entry 208: by itself it starts. The words are those of the report."""
    write(build(fixture("cluster/older-copy")), tmp_path)
    said = {one["node"]: one for one in _json(capsys, str(tmp_path))}
    assert (said["lag3"]["copyOf"], said["lag3"]["copyKind"], said["n3"]["copyOf"]) == ("n3", "older", None)
    assert main(["forecast", str(tmp_path), "--node", "lag3"]) == 0
    [line] = [one.text for one in _starts("cluster/older-copy") if one.text.startswith("lag3: ")]
    assert capsys.readouterr().out.startswith(f"{line}\n")


def _starts(name: str) -> tuple[Line, ...]:
    """What a fixture's report says of its nodes' starts."""
    return answers_of_case(report(name))[0].lines


@pytest.mark.parametrize("version", ["1.18.2", "1.18.6", "main"])
def test_a_configuration_that_is_cut_short(version: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Releases read the third member from memory; what comes after 1.18.6 looks first, and fails with code 6, no text
    (the real ones said so: the fixture tells).
    """
    write(build(fixture("snapshot/short-configuration")), tmp_path)
    [one] = _json(capsys, str(tmp_path), "--node", "n2", "--dqlite", version)
    if version == "main":
        assert (one["outcome"], one["code"], one["message"], one["undefined"]) == ("fails", 6, "", None)
    else:
        assert (one["outcome"], one["together"]["reason"]) == ("unknown", "depends-on-memory")


def test_a_snapshot_without_a_log_behind_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """n1's start moves its damaged segment 321-384 and its open one away; the snapshot at 384 is all that it loads."""
    write(build(fixture("cluster/open-behind-damage")), tmp_path)
    [one] = _json(capsys, str(tmp_path), "--node", "n1")
    assert (one["entries"], one["snapshot"]["index"]) == (0, 384)
    assert main(["forecast", str(tmp_path), "--node", "n1"]) == 0
    assert "  loads no entries and the snapshot at 384 of term 2; " in capsys.readouterr().out


def test_what_is_assumed_away_counts_for_the_others_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """n2 and n3 have 386 to 414, which are committed, in a closed segment of that name; n1 has them in open-7."""
    write(build(fixture("healthy/trimmed-111")), tmp_path)
    before, after = (
        {one["node"]: one["together"] for one in _json(capsys, str(tmp_path), *more)}
        for more in ([], ["--assume-removed", "0000000000000386-0000000000000414"])
    )
    assert before["n2"]["reason"] == "whole"
    assert (after["n2"]["state"], after["n2"]["with"]) == ("loses", ["n3"])
    assert after["n1"]["state"] == "safe"


def test_it_refuses_and_proposes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A flipped payload bit in a middle segment, no snapshot: everything from it on must go, which loses 2 to 28."""
    state = BASES["tiny-log"] | {ONE: _flipped(BASES["tiny-log"][ONE], 60)}
    [one] = _json(capsys, str(_write(tmp_path / "n", state)), "--dqlite", "1.11")
    assert (one["outcome"], one["stage"], one["code"]) == ("fails", "load", 12)
    assert one["message"].startswith(f"load closed segment {ONE}: entries batch 1 starting at byte 8: ")
    assert one["entries"] is None
    best = one["proposals"][0]
    assert best["moveAside"] == [ONE, TWO, "0000000000000021-0000000000000021"]
    # The open segments stay, and their seven entries take the place of 2 to 8.
    assert best["lastIndex"] == 8


def test_what_if(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the last closed segment and the open ones the log ends at 20."""
    node = str(_write(tmp_path / "n", BASES["tiny-log"]))
    names = ["0000000000000021-0000000000000021", "open-1", "open-2"]
    removed = [word for name in names for word in ("--assume-removed", name)]
    [one] = _json(capsys, node, "--dqlite", "1.11", *removed)
    assert (one["outcome"], one["lastIndex"], one["assumedRemoved"]) == ("starts", 20, names)
    assert main(["forecast", node, "--assume-removed", "open-77"]) == 2


def test_what_is_lost_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong checksum in the last closed segment: it is moved away, with its entry and the seven of open ones."""
    last = "0000000000000021-0000000000000021"
    state = BASES["tiny-log"] | {last: _flipped(BASES["tiny-log"][last], 8)}
    node = str(_write(tmp_path / "n", state))
    [one] = _json(capsys, node, "--dqlite", "1.11")
    assert [(lost["firstIndex"], lost["lastIndex"], lost["cause"], lost["file"]) for lost in one["lost"]] == [
        (21, 21, "moved-away", last),
        (22, 25, "moved-away", "open-1"),
        (26, 28, "moved-away", "open-2"),
    ]
    assert main(["forecast", node, "--dqlite", "1.11"]) == 0
    assert f"would rename {last} to corrupt-*-{last}" in capsys.readouterr().out


def test_versions_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A raw snapshot loads until 1.18.2, and is no LZ4 frame for 1.18.3 and later."""
    name = "snapshot-1-8-20"
    state = {file: data for file, data in BASES["tiny-open"].items() if not file.startswith("open-")}
    node = str(_write(tmp_path / "n", state | {name: struct.pack("<QQ", 1, 0)}))
    assert _json(capsys, node, "--dqlite", "1.18.2")[0]["outcome"] == "starts"
    [new] = _json(capsys, node, "--dqlite", "1.18.6")
    assert (new["outcome"], new["code"], new["message"]) == ("fails", 18, "LZ4F_getFrameInfo ERROR_frameType_unknown")


def test_a_founder_without_metadata_bootstraps_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = {name: data for name, data in BASES["solo"].items() if name != "metadata1"}
    [one] = _json(capsys, str(_write(tmp_path / "n", state)), "--dqlite", "1.11")
    assert one["bootstrap"] == [{"action": "create", "path": "metadata1", "to": None, "size": None}]
    assert (one["outcome"], one["term"]) == ("starts", 0)
    assert "bootstraps again" in one["words"]


def test_the_version_is_read_off_the_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`snaps` was written by dqlite 1.11.1, which keeps a WAL in its snapshots and makes no dqlite-lock."""
    old = str(_write(tmp_path / "old", BASES["snaps"]))
    new = str(_write(tmp_path / "new", BASES["tiny-snap"]))
    bare = str(_write(tmp_path / "bare", BASES["tiny-log"]))
    said = [_json(capsys, node)[0] for node in (old, new, bare)]
    assert [one["dqliteVersion"] for one in said] == ["1.11", "1.18", "1.18"]
    assert [said[0]["librarySign"], said[2]["librarySign"]] == ["wal", "nothing"]


def test_a_sole_voter_applies_its_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`solo` is the only voter: all is applied at once; of a trio's node nothing beyond the first entry is."""
    solo = _json(capsys, str(_write(tmp_path / "solo", BASES["solo"])), "--dqlite", "1.11")[0]
    trio = _json(capsys, str(_write(tmp_path / "trio", BASES["trio-1"])), "--dqlite", "1.11")[0]
    assert solo["applied"] == solo["lastIndex"] > 1
    assert trio["applied"] == 1


def test_a_hanging_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cut LZ4 frame keeps libraft 0.15 reading for ever. The next snapshot's content is noise, so both must go."""
    name = "snapshot-2-44-70"
    state = BASES["tiny-snap"] | {name: (BASES["tiny-snap"][name] or b"")[:-6]}
    [one] = _json(capsys, str(_write(tmp_path / "n", state)), "--dqlite", "1.11")
    assert (one["outcome"], one["stage"], one["code"], one["message"]) == ("hangs", "load", None, None)
    noise = "snapshot-2-31-50"
    assert one["proposals"][0]["moveAside"] == [noise, f"{noise}.meta", name, f"{name}.meta"]
    assert one["proposals"][0]["lastIndex"] == 57


def test_nothing_is_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    node = _write(tmp_path / "n", BASES["tiny-snap"])
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in node.iterdir()}
    _json(capsys, str(node))
    assert before == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in node.iterdir()}


@pytest.mark.parametrize("wrong", ["0.9", "newest"])
def test_unknown_versions_are_refused(tmp_path: Path, wrong: str) -> None:
    assert main(["forecast", str(_write(tmp_path / "n", BASES["tiny-log"])), "--dqlite", wrong]) == 2


def test_the_digest_is_that_of_raft_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One barrier of term 1 with eight zero bytes: three words, then the payload, through raft's CRC."""
    header = struct.pack("<QQB3xI", 1, 1, 2, 8)
    batch = struct.pack("<II", crc32(header), crc32(bytes(8))) + header + bytes(8)
    state: State = {"0000000000000001-0000000000000001": struct.pack("<Q", 1) + batch}
    [one] = _json(capsys, str(_write(tmp_path / "n", state)), "--dqlite", "1.11")
    assert one["entriesDigest"] == crc32(struct.pack("<3Q", 1, 2, 8) + bytes(8))
