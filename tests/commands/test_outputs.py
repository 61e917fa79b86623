"""Writing answers: never over evidence by another name, never half, and never a traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.check.build import build, write
from forensics.cli import main
from forensics.commands import outputs
from forensics.commands.outputs import write_output
from forensics.errors import OutputError, UsageError
from forensics.facts.database import pages
from tests.fixtures import ROOT, fixture

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
    with pytest.raises(OutputError, match="directory"):
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
    assert done.returncode == 6
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.fixture
def node(tmp_path: Path) -> str:
    """A folder, so that the private space is used for databases alone."""
    write(build(fixture("healthy/single-111")), tmp_path / "node")
    return str(tmp_path / "node")


@pytest.mark.parametrize("call", ["pwrite", "pread"])
def test_an_error_of_the_temporary_space_is_not_the_outputs(
    call: str, node: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = getattr(os, call)

    def full(fd: int, *given: int) -> int:
        if not os.readlink(f"/proc/self/fd/{fd}").startswith(node):  # what is no evidence
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(real(fd, *given)) if call == "pwrite" else real(fd, *given)

    monkeypatch.setattr(pages, "IMAGE_MEMORY_BYTES_MAX", 0)
    monkeypatch.setattr(os, call, full)
    assert main(["extract", node, "-o", str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err.endswith("private temporary space: No space left on device\n")
    assert not [*(tmp_path / "out").glob("*")]


_KILLED = """
import os, signal, sys
left, calls = [int(sys.argv[1])], ("fsync", "link")
def dying(real):
    def call(*given, **named):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call
for name in calls:
    setattr(os, name, dying(getattr(os, name)))
from forensics.cli import main
sys.exit(main(["extract", sys.argv[2], "-o", sys.argv[3], "-q"]))
"""


def test_killed_anywhere_extract_leaves_no_half_file(node: str, tmp_path: Path) -> None:
    """At each of the calls that bring a file to the disk and give it its name: a file is whole, or not there."""
    seen = []
    for kill in range(30):
        out = tmp_path / f"out-{kill}"
        done = subprocess.run([sys.executable, "-c", _KILLED, str(kill), node, str(out)], timeout=120, check=False)
        seen.append((done.returncode, {file.name: file.read_bytes() for file in out.glob("*.sqlite")}))
        if done.returncode == 0:
            break
    *killed, (code, whole) = seen
    assert (code, sorted(whole)) == (0, ["demo.sqlite", "k8s.sqlite"])
    assert {code for code, _ in killed} == {-9}
    assert {len(found) for _, found in killed} == {0, 1}
    assert all(content == whole[name] for _, found in killed for name, content in found.items())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_one_full_disk_costs_no_other_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html = tmp_path / "report.html"
    assert main(["analyze", BASE, "--json", "/dev/full", "--html", str(html), "--fail-on", "never"]) == 6
    out, err = capsys.readouterr()
    assert "/dev/full: No space left on device" in err
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Will it start?" in out
    assert f"written   {html}\n" in out


def test_a_summary_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the verdict says is printed, and what failed is said."""
    monkeypatch.setattr("forensics.report.text.render_text", lambda *_, **__: 1 // 0)
    assert main(["analyze", BASE]) == 4
    out, err = capsys.readouterr()
    assert out == "k8s-dqlite: nothing wrong was found.\n"
    assert "text: writing the report failed" in err


def test_a_directory_that_cannot_be_made_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", BASE, "-o", "/dev/null/x"]) == 6
    assert "Not a directory" in capsys.readouterr().err
    assert main(["extract", BASE, "-o", "/dev/null"]) == 2
    assert "/dev/null is a file, not a directory" in capsys.readouterr().err


@pytest.fixture(params=["nameless", "beside"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the file system's files without names, and where it knows none."""

    def unknown(*_: object) -> int:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    if request.param == "beside":
        monkeypatch.setattr(outputs, "nameless", unknown)
    return str(request.param)


def test_a_new_file_is_there_when_it_is_whole(way: str, tmp_path: Path) -> None:
    path = tmp_path / "database.sqlite"
    with outputs.new_file(str(path)) as file:
        file.write(b"whole")
        assert len(os.listdir(tmp_path)) == (way == "beside")
    assert [(one.name, one.read_bytes(), one.stat().st_mode & 0o777) for one in tmp_path.iterdir()] == [
        ("database.sqlite", b"whole", 0o600)
    ]
    with pytest.raises(UsageError, match="exists already"), outputs.new_file(str(path)) as file:
        file.write(b"another")
    assert path.read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["database.sqlite"]


def test_a_new_directory_that_cannot_be_written(tmp_path: Path) -> None:
    """A full disk is no wrong usage; and nothing is left of it."""

    def full(name: str) -> None:
        with outputs.new_directory(str(tmp_path / name)) as folder:
            (folder / "half").write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputError, match="No space left"):
        full("shown")
    assert not list(tmp_path.iterdir())
    with pytest.raises(OutputError), outputs.new_directory(str(tmp_path / "absent/shown")):
        pass
    with pytest.raises(UsageError, match="exists already"), outputs.new_directory(str(tmp_path)):
        pass


@pytest.mark.usefixtures("way")
def test_a_report_takes_the_place_of_another(tmp_path: Path) -> None:
    """Which stays as it is under its other names."""
    path, other = tmp_path / "report.json", tmp_path / "other"
    outputs.write_output(str(path), "ä\n")
    os.link(path, other)
    outputs.write_output(str(path), "b\n")
    assert (path.read_text(), other.read_text(encoding="utf-8")) == ("b\n", "ä\n")
    with pytest.raises(OutputError):
        outputs.write_output(str(path), "\ud800")
    assert sorted(os.listdir(tmp_path)) == ["other", "report.json"]
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_nothing_is_left_of_a_killed_process(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        with outputs.new_file(str(tmp_path / "database.sqlite")) as file:
            file.write(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert os.listdir(tmp_path) == []
