"""`repair` where a snapshot cannot stay as it is: no `.meta` tells who the members were, or it is not compressed."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import lz4.frame
import pytest

from forensics.cli import main
from tests.held.starts.library import builds
from tests.real_files import recorded
from tests.repair.real import Rows, recorded_rows, started
from tests.repair.test_from_others import dqlite

LAST = 414
"""Of the recording `trimmed`; it begins with the snapshots of 320 and 384."""


def uploaded(where: Path, *, meta: bool) -> Path:
    for node, files in recorded("trimmed").items():
        (where / node).mkdir(parents=True)
        for name, content in files.items():
            if meta or not name.endswith(".meta"):
                (where / node / name).write_bytes(content)
    return where


@dqlite
def test_the_databases_are_all_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every version reads the snapshot that is written, and has the rows of the running cluster."""
    upload, out = uploaded(tmp_path / "upload", meta=False), tmp_path / "out"
    assert main(["repair", str(upload), "--node", "n1", "-o", str(out)]) == 2
    assert "--alone makes it the only member" in capsys.readouterr().err
    assert main(["repair", str(upload), "--node", "n1", "--alone", "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    made = {one["name"]: one for one in ledger["files"] if one["made"] in ("snapshot", "snapshot-alone")}
    assert list(made) == [f"snapshot-2-{LAST}-1", f"snapshot-2-{LAST}-1.meta"]
    taken = made[f"snapshot-2-{LAST}-1"]["taken"]
    assert (taken[0]["first"], taken[0]["last"], taken[-1]["last"]) == (1, 384, LAST)
    assert all(one["last"] + 1 == other["first"] for one, other in itertools.pairwise(taken))
    assert (ledger["kept"]["snapshotIndex"], ledger["kept"]["last"]) == (LAST, LAST + 1)
    assert {one["outcome"] for one in ledger["versions"]} == {"starts"}
    rows = recorded_rows("trimmed")
    assert [started([out], version, rows) for version in builds()] == [("out", rows) for _ in builds()]


@dqlite
@pytest.mark.parametrize("index", [384, 390])
def test_at_an_index(index: int, tmp_path: Path) -> None:
    """The rows are those that real dqlite has after the log of the undamaged nodes is cut there."""
    found: list[Rows] = []
    for meta in (True, False):
        upload, out = uploaded(tmp_path / f"upload-{meta}", meta=meta), tmp_path / f"out-{meta}"
        assert main(["repair", str(upload), "--node", "n1", "--at", str(index), "-o", str(out)]) == 0
        leader, rows = started([out], "1.11.1", recorded_rows("trimmed"))
        assert leader == out.name
        found.append(rows)
    assert found[0] == found[1]
    assert found[0] != recorded_rows("trimmed")


@dqlite
def test_a_snapshot_that_is_not_compressed(tmp_path: Path) -> None:
    """Only LZ4 frames are read by dqlite 1.18.6, and the log begins behind this one.

    Source: docs/reference/snapshots.md#snapshot-data.
    """
    upload, out = tmp_path / "upload" / "n1", tmp_path / "out"
    upload.mkdir(parents=True)
    raw = {}
    for name, content in recorded("p118")["n1"].items():
        if name.startswith("snapshot") and not name.endswith(".meta"):
            raw[name] = lz4.frame.decompress(content)
        if name > "0000000000002049":
            (upload / name).write_bytes(raw.get(name, content))
    assert main(["repair", str(upload.parent), "--alone", "-o", str(out)]) == 0
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    [(name, made)] = [(one["name"], one) for one in ledger["files"] if one["made"] == "compressed"]
    assert lz4.frame.decompress((out / name).read_bytes()) == raw[name]
    assert [(one["node"], one["first"], one["last"]) for one in made["taken"]] == [("n1", 1, 2048)]
    assert {one["outcome"] for one in ledger["versions"]} == {"starts"}
    rows = recorded_rows("p118")
    assert [started([out], version, rows) for version in builds()] == [("out", rows) for _ in builds()]
