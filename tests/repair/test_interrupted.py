"""Every way of writing a directory, ended at every step, and without room: nothing is there then, or all of it."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from forensics.cli import main
from tests.repair.test_choices import split_brain
from tests.repair.test_from_others import uploaded
from tests.repair.test_repair import digests
from tests.repair.test_repair import upload as fixture_upload

OURS = ("repair.json", "repair.txt")


def _in_place(where: Path) -> list[str]:
    return [str(fixture_upload(where, "segment/single-flipped-bit"))]


def _from_others(where: Path, *options: str) -> list[str]:
    """Entries of others, a new term, and with --alone a new configuration and cluster.yaml."""
    uploaded(where / "upload", {"n1": 10, "n2": 50, "n3": 90})
    (where / "upload" / "n1" / "metadata1").unlink()
    return [str(where / "upload"), "--node", "n1", *options]


def _alone(where: Path) -> list[str]:
    return _from_others(where, "--alone")


def _at(where: Path) -> list[str]:
    return _from_others(where, "--at", "100")


def _kept(where: Path) -> list[str]:
    return [str(split_brain(where / "upload")), "--keep", "n1"]


@pytest.mark.parametrize("way", [_in_place, _alone, _kept])
def test_killed_at_every_step(way: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """SIGKILL before each opening, syncing and renaming of a file or folder that is written, until none is left."""
    arguments, folder = way(tmp_path), tmp_path / "results"
    folder.mkdir()
    out = folder / "out"
    there: list[bool] = []
    while True:
        status, _ = _forked(partial(_kill_at, len(there) + 1, folder), arguments, out)
        there.append(out.exists())
        if out.exists():
            _assert_whole(out)
            shutil.rmtree(out)
        if not os.WIFSIGNALED(status):
            break
        assert all(path.name.endswith(".part") for path in folder.iterdir())
        _empty(folder)
    assert os.waitstatus_to_exitcode(status) == 0
    renamed = there.index(True)
    assert renamed > 2 * len(OURS)
    assert there == [False] * renamed + [True] * (len(there) - renamed)
    assert len(there) - renamed == len(("open the parent", "sync it", "the end"))


def test_what_a_killed_run_left_the_next_one_removes(tmp_path: Path) -> None:
    """But not what another run holds, nor what only has such a name."""
    arguments, folder = _in_place(tmp_path), tmp_path / "results"
    folder.mkdir()
    status, _ = _forked(partial(_kill_at, 9, folder), arguments, folder / "out")
    assert os.WIFSIGNALED(status)
    assert [path.suffix for path in folder.iterdir()] == [".part"]
    for name in (".out.held.part", ".other.x.part"):
        (folder / name).mkdir()
    (folder / ".out.file.part").touch()
    (folder / ".out.link.part").symlink_to(folder / ".other.x.part")
    held = os.open(folder / ".out.held.part", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    status, _ = _forked(lambda: None, arguments, folder / "out")
    os.close(held)
    assert os.waitstatus_to_exitcode(status) == 0
    kept = [".other.x.part", ".out.file.part", ".out.held.part", ".out.link.part", "out"]
    assert sorted(path.name for path in folder.iterdir()) == kept


@pytest.mark.parametrize("way", [_in_place, _from_others, _alone, _at, _kept])
@pytest.mark.parametrize("room", [0, 100, 100_000])
def test_no_room(way: Callable[[Path], list[str]], room: int, tmp_path: Path) -> None:
    """No file may be larger than that: writing fails as on a full disk. Nothing is left."""
    arguments, out = way(tmp_path), tmp_path / "out"
    before = sorted(tmp_path.iterdir())
    status, said = _forked(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)), arguments, out)
    assert (os.waitstatus_to_exitcode(status), os.strerror(errno.EFBIG) in said) == (2, True)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("way", [_in_place, _alone])
def test_a_disk_that_is_full(way: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """A real one of 64 KiB, which only this process has."""
    arguments, small = way(tmp_path), tmp_path / "small"
    small.mkdir()
    if subprocess.run(["unshare", "--map-root-user", "--mount", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount of its own can be made here")
    command = shlex.join([sys.executable, "-m", "forensics", "repair", *arguments, "-o", str(small / "out")])
    script = f"mount -t tmpfs -o size=64k none {small}; {command}; echo $?; ls -A {small}"
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["2"]
    assert os.strerror(errno.ENOSPC) in done.stderr


def _forked(prepare: Callable[[], object], arguments: Sequence[str], out: Path) -> tuple[int, str]:
    """`repair` in a process of its own: how it ended, and what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        sys.stderr = os.fdopen(writing, "w")
        sys.stdout = io.StringIO()
        prepare()
        code = main(["repair", *arguments, "-o", str(out)])
        sys.stderr.flush()
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    return os.waitpid(child, 0)[1], said


def _empty(folder: Path) -> None:
    """So that each run takes the same steps."""
    for path in folder.iterdir():
        shutil.rmtree(path)


def _kill_at(number: int, folder: Path) -> None:
    """SIGKILL to this process before the step of that number."""
    left, sync = [number], os.fsync

    def step() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    def fsync(fd: Any) -> None:
        step()
        sync(fd)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("open", "os.rename", "os.mkdir") and str(arguments[0]).startswith(str(folder)):
            step()

    os.fsync = fsync
    sys.addaudithook(audit)


def _assert_whole(out: Path) -> None:
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    found = digests(out)
    assert (out / "repair.txt").read_text("utf-8").rstrip().endswith(ledger["steps"][-1]["stop"])
    assert {one["name"]: one["sha256After"] for one in ledger["files"]} == {
        name: digest for name, digest in found.items() if name not in OURS
    }
