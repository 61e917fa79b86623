"""`repair --keep` and `--at`: what somebody decides; real dqlite then has the rows of that history and moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forensics.cli import main
from tests.real_files import recorded
from tests.repair.real import recorded_rows, started
from tests.repair.test_from_others import dqlite


def split_brain(where: Path) -> Path:
    """n1 and n2, each made alone at index 86 with 25 writes since; n3 ends at 85."""
    for node, files in recorded("split-brain").items():
        (where / node).mkdir(parents=True)
        for name, content in files.items():
            (where / node / name).write_bytes(content)
    return where


@dqlite
@pytest.mark.parametrize(
    ("options", "moment", "last"),
    [
        (["--keep", "n1"], "end of n1", 111),
        (["--keep", "n2"], "end of n2", 111),
        (["--keep", "n1", "--node", "n3", "--alone"], "end of n1", 112),
        (["--keep", "n2", "--at", "85"], "before", 86),
    ],
)
def test_somebody_decides(options: list[str], moment: str, last: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["repair", str(split_brain(tmp_path / "upload")), *options, "-o", str(out)]) == 0
    assert json.loads((out / "repair.json").read_text("utf-8"))["kept"]["last"] == last
    rows = recorded_rows("split-brain", moment)
    assert started([out], "1.11.1", rows) == ("out", rows)


def test_an_index_that_nothing_leads_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload, out = split_brain(tmp_path / "upload"), tmp_path / "out"
    assert main(["repair", str(upload), "--keep", "n1", "--at", "112", "-o", str(out)]) == 2
    assert "the last before it that can be had is 111" in capsys.readouterr().err
    assert not out.exists()
