"""Every way of writing a directory, ended at every step, and without room: nothing is there then, or all of it."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import random
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Self

import pytest

from forensics.cli import main
from tests.chance import chance
from tests.repair.test_choices import split_brain
from tests.repair.test_from_others import uploaded
from tests.repair.test_repair import digests
from tests.repair.test_repair import upload as fixture_upload

OURS = ("repair.json", "repair.txt")
_STEPS_OF_A_FILE = ("open", "write a half", "write the rest", "sync")


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


_WAYS = [_in_place, _from_others, _alone, _at, _kept]


@pytest.mark.parametrize("way", _WAYS)
def test_nothing_half_at_any_step(way: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """Looked at before each opening, write, half write, syncing and renaming: what a kill there would leave."""
    arguments, folder = way(tmp_path), tmp_path / "results"
    folder.mkdir()
    seen = _looked(arguments, folder)
    whole = seen.count("whole")
    assert seen == ["nothing"] * (len(seen) - whole) + ["whole"] * whole
    assert whole == len(("open the parent", "sync it"))
    assert len(seen) - whole > len(_STEPS_OF_A_FILE) * len(list((folder / "out").iterdir()))


@pytest.mark.parametrize("way", [_in_place, _alone])
def test_killed(way: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """SIGKILL at the first step, at any, before the renaming and behind it."""
    arguments, folder = way(tmp_path), tmp_path / "results"
    folder.mkdir()
    seen = _looked(arguments, folder)
    renamed = seen.index("whole")
    any_step = random.Random(chance()).randrange(renamed)  # noqa: S311 - reproducible on purpose
    for number in (0, any_step, renamed - 1, renamed):
        for path in folder.iterdir():  # so that each run takes the same steps
            shutil.rmtree(path)
        status, _ = _forked(partial(_kill_at, number + 1, folder), arguments, folder / "out")
        assert os.WIFSIGNALED(status)
        assert (folder / "out").exists() == (number == renamed)
        assert all(path.name == "out" or path.name.endswith(".part") for path in folder.iterdir())
        assert seen[number] == _state(folder)


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


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("room", [0, 100, 100_000])
def test_no_room(way: Callable[[Path], list[str]], room: int, tmp_path: Path) -> None:
    """No file may be larger than that: writing fails as on a full disk. Nothing is left."""
    arguments, out = way(tmp_path), tmp_path / "out"
    before = sorted(tmp_path.iterdir())
    status, said = _forked(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)), arguments, out)
    assert (os.waitstatus_to_exitcode(status), os.strerror(errno.EFBIG) in said) == (6, True)
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
    assert done.stdout.split() == ["6"]
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


def _looked(arguments: Sequence[str], folder: Path) -> list[str]:
    """What is there before each step of one run."""
    notes = folder.with_name("notes")
    _, said = _forked(partial(_at_each_step, partial(_note, notes, folder), folder), arguments, folder / "out")
    assert not said
    return notes.read_text("utf-8").split()


def _note(notes: Path, folder: Path) -> None:
    with notes.open("a", encoding="utf-8") as file:
        file.write(f"{_state(folder)}\n")


def _state(folder: Path) -> str:
    out = folder / "out"
    if not out.exists():
        return "nothing"
    _assert_whole(out)
    return "whole"


def _kill_at(number: int, folder: Path) -> None:
    """SIGKILL to this process before the step of that number."""
    left = [number]

    def step() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    _at_each_step(step, folder)


class _Watched:
    """A file that is written; each write is two steps."""

    def __init__(self, file: BinaryIO, step: Callable[[], None]) -> None:
        self._file, self._step = file, step

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        for part in (data[: len(data) // 2], data[len(data) // 2 :]):
            self._step()
            self._file.write(part)
            self._file.flush()

    def flush(self) -> None:
        self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


def _at_each_step(step: Callable[[], None], folder: Path) -> None:
    """Called before each opening, write, half write, syncing and renaming of what is written into the folder."""
    sync, opened, busy = os.fsync, os.fdopen, [False]

    def once() -> None:
        if not busy[0]:
            busy[0] = True
            step()
            busy[0] = False

    def fsync(fd: Any) -> None:
        once()
        sync(fd)

    def fdopen(fd: int, mode: str = "r", *more: Any, **named: Any) -> Any:
        file: Any = opened(fd, mode, *more, **named)
        return _Watched(file, once) if mode == "wb" else file

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("open", "os.rename", "os.mkdir") and str(arguments[0]).startswith(str(folder)):
            once()

    os.fsync = fsync
    os.fdopen = fdopen
    sys.addaudithook(audit)


def _assert_whole(out: Path) -> None:
    ledger = json.loads((out / "repair.json").read_text("utf-8"))
    found = digests(out)
    assert (out / "repair.txt").read_text("utf-8").rstrip().endswith(ledger["steps"][-1]["stop"])
    assert {one["name"]: one["sha256After"] for one in ledger["files"]} == {
        name: digest for name, digest in found.items() if name not in OURS
    }
