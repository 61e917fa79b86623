"""Writing answers: never over evidence by another name, never half, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.cli import main
from forensics.commands.outputs import write_output
from forensics.errors import UsageError
from tests.fixtures import ROOT

BASE = str(ROOT / "bases" / "single.tar.xz")


def test_a_file_that_has_another_name_stays_as_it_is(tmp_path: Path) -> None:
    evidence = tmp_path / "metadata1"
    evidence.write_bytes(b"evidence")
    os.link(evidence, tmp_path / "report.json")
    write_output(str(tmp_path / "report.json"), "{}")
    assert evidence.read_bytes() == b"evidence"
    assert (tmp_path / "report.json").read_text() == "{}"


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    evidence = tmp_path / "metadata1"
    evidence.write_bytes(b"evidence")
    (tmp_path / "report.json").symlink_to(evidence)
    write_output(str(tmp_path / "report.json"), "{}")
    assert evidence.read_bytes() == b"evidence"


def test_nothing_is_left_of_what_could_not_be_written(tmp_path: Path) -> None:
    """A directory cannot be replaced by a file; the part beside it goes away again."""
    (tmp_path / "report.json").mkdir()
    with pytest.raises(UsageError, match="directory"):
        write_output(str(tmp_path / "report.json"), "{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json"]


def test_a_device_is_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", BASE, "--json", os.devnull, "--fail-on", "never", "-q"]) in (0, 4)
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("words", [["rules", "list"], ["log", BASE]])
def test_a_full_disk_is_said(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "forensics", *words], stdout=full, stderr=subprocess.PIPE, timeout=120, check=False
        )
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_directory_that_cannot_be_made_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", BASE, "-o", "/dev/null/x"]) == 2
    assert "Not a directory" in capsys.readouterr().err
