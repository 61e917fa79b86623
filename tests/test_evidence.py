"""Evidence is only read: nothing of it changes, nothing appears beside it, and nothing private stays behind."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

from forensics.check.build import build, pack, write
from forensics.cli import main
from tests.fixtures import fixture

KINDS = ("directory", "tar", "tar.gz", "tar.xz", "zip")
COMMANDS: dict[str, list[str]] = {
    "analyze": ["analyze", "INPUT", "-o", "OUT/report"],
    "log": ["log", "INPUT", "--node", "n1", "--to", "300"],
    "sql": ["sql", "INPUT", "--node", "n1", "select count(*) from kine"],
    "forecast": ["forecast", "INPUT", "--node", "n1", "--assume-removed", "metadata1"],
    "history": ["history", "INPUT", "/registry/health", "--node", "n1"],
    "plan": ["plan", "INPUT", "--assume-member-lost", "n2"],
    "diff": ["diff", "INPUT", "INPUT"],
    "extract": ["extract", "INPUT", "--node", "n1", "-o", "OUT/databases"],
}


def make(where: Path, kind: str) -> Path:
    """A fixture as an input of that kind, alone in its folder, with times of long ago."""
    tree = build(fixture("snapshot/interrupted"))  # a start of dqlite would delete the lone .meta
    folder = where / "evidence"
    folder.mkdir()
    path = folder / ("input" if kind == "directory" else f"input.{kind}")
    if kind == "directory":
        write(tree, path)
    else:
        path.write_bytes(pack(tree, kind))
    for entry in sorted(folder.rglob("*"), reverse=True):
        os.utime(entry, ns=(10**18, 10**18), follow_symlinks=False)
    os.utime(folder, ns=(10**18, 10**18))
    return path


def state_of(folder: Path) -> dict[str, tuple[int, int, int, str]]:
    """Mode, size, time of change and digest of everything below, the folder itself included."""
    state = {}
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        state[str(path.relative_to(folder))] = (status.st_mode, status.st_size, status.st_mtime_ns, digest)
    return state


# The way in is the same for all commands: a plain and a spooled input are enough for the others.
RUNS = [("analyze", kind) for kind in KINDS] + [
    (command, kind) for command in list(COMMANDS)[1:] for kind in ("directory", "tar.xz")
]


@pytest.mark.parametrize(("command", "kind"), RUNS)
def test_nothing_changes(command: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path, kind)
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(private))
    before = state_of(path.parent)
    words = {"INPUT": str(path), "OUT/report": str(tmp_path / "r"), "OUT/databases": str(tmp_path / "d")}
    code = main([words.get(word, word) for word in COMMANDS[command]])
    assert code in (0, 1, 4)
    assert state_of(path.parent) == before
    assert list(private.iterdir()) == []


def test_output_inside_the_input_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make(tmp_path, "directory")
    before = state_of(path.parent)
    assert main(["analyze", str(path), "-o", str(path / "n1")]) == 2
    assert main(["analyze", str(path), "-o", str(path)]) == 2
    assert state_of(path.parent) == before
    assert "is inside the input" in capsys.readouterr().err


def test_output_inside_the_input_through_a_link_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path, "directory")
    (tmp_path / "elsewhere").symlink_to(path)
    assert main(["analyze", str(path), "-o", str(tmp_path / "elsewhere" / "report")]) == 2


def test_digests_are_those_of_the_files(tmp_path: Path) -> None:
    """What the report says of a member can be checked with sha256sum."""
    from forensics import pipeline  # noqa: PLC0415 - as the commands do

    path = make(tmp_path, "directory")
    with pipeline.ingest([str(path)]) as evidence:
        document = pipeline.analyze(evidence).document
    assert document.files
    for file in document.files:
        assert file.sha256 == hashlib.sha256((path / file.path).read_bytes()).hexdigest()
