"""Runs nodes on the real library: Debian's, or one that was built from a release.

`DQLITE_BUILDS` names directories of built sources by version (`1.18.6=/src/dqlite:…`), for states that another version
than Debian's wrote.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fixtures.make.client import Client, DqliteError
from forensics.check.tree import File, Tree

SOURCE = Path(__file__).with_name("node.c")
BUILDS = "DQLITE_BUILDS"
DEBIANS = "1.11.1"
START_SECONDS = 120.0
_TICK_SECONDS = 0.05
_ports = itertools.count(9000)


def builds() -> dict[str, Path | None]:
    """Directories of built sources by version; None for the installed library."""
    named = (one.partition("=") for one in os.environ.get(BUILDS, "").split(":") if one)
    return {DEBIANS: None} | {version: Path(where) for version, _, where in named}


@functools.cache
def program(version: str) -> Path:
    """The compiled node; raises `KeyError` for a version that is not at hand, `CalledProcessError` without compiler or
    library.
    """
    built = builds()[version]
    binary = Path(tempfile.mkdtemp(prefix="held-node-")) / "node"
    paths = [f"-I{built}/include", f"-L{built}/.libs", f"-Wl,-rpath,{built}/.libs"] if built else []
    subprocess.run(["cc", "-O2", "-Wall", "-o", binary, SOURCE, *paths, "-ldqlite"], check=True, timeout=60)
    return binary


@dataclass(frozen=True, slots=True)
class Member:
    """A node to start: its files, and who it is to raft."""

    tree: Tree
    server_id: int
    address: str


class Nodes:
    """Nodes by name, each in a directory of its own; leaving the context kills them."""

    def __init__(self, version: str, members: Mapping[str, Member], later: Collection[str] = ()) -> None:
        """Starts all but those of `later`."""
        self._scratch = tempfile.TemporaryDirectory(prefix="held-start-")
        self._members = members
        self._real = dict(zip(members, _addresses(), strict=False))
        self._program = program(version)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start(name for name in members if name not in later)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._scratch.cleanup()

    def start(self, names: Iterable[str]) -> None:
        """Those that were left for later."""
        self._processes |= {name: self._start(name) for name in names}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        """Writes its files and starts it."""
        directory = self._directory(name)
        directory.mkdir()
        for file, one in self._members[name].tree.items():
            (directory / file).write_bytes(one.content)
        return self._run(name)

    def _run(self, name: str) -> subprocess.Popen[bytes]:
        own = self._members[name]
        others = [other for other in self._members if other != name]
        pairs = [text for one in (name, *others) for text in (self._members[one].address, self._real[one])]
        # dies with this process, whatever happens to it
        command = [
            "setpriv",
            "--pdeathsig",
            "KILL",
            str(self._program),
            str(self._directory(name)),
            str(own.server_id),
            *pairs,
        ]
        with self._log(name).open("wb") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def failures(self) -> Mapping[str, str]:
        """What those printed that do not run: a service manager starts a node that failed once again."""
        self._wait_told()
        for name in [one for one in self._processes if not self._runs(one)]:
            self._processes[name] = self._run(name)
        self._wait_told()
        bad = (name for name in self._processes if not self._runs(name) or not self._is_told(name))
        return {name: self._log(name).read_text("utf-8", "replace").strip() for name in bad}

    def leaders(self) -> list[str]:
        """Those that name themselves."""
        return [name for name, one in self._members.items() if self._runs(name) and self._told(name) == one.address]

    def wait_leaders(self, seconds: float) -> list[str]:
        """The leaders as soon as there is one; nobody where the time is over."""
        deadline = time.monotonic() + seconds
        while not (found := self.leaders()) and time.monotonic() < deadline:
            time.sleep(_TICK_SECONDS)
        return found

    def wait_led(self, names: Collection[str], seconds: float) -> bool:
        """All of these name one leader, within that time."""
        deadline = time.monotonic() + seconds
        while not self._are_led(names) and time.monotonic() < deadline:
            time.sleep(_TICK_SECONDS)
        return self._are_led(names)

    def _are_led(self, names: Collection[str]) -> bool:
        told = {self._told(name) if self._runs(name) else None for name in names}
        return len(told) == 1 and all(told)

    def client(self, name: str) -> Client:
        """A connection to one."""
        return Client(self._real[name])

    def kill(self) -> None:
        """All of them at once."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait(5)

    def trees(self) -> dict[str, Tree]:
        """What lies in the directories now."""
        return {name: dict(_files(self._directory(name))) for name in self._processes}

    def _told(self, name: str) -> str | None:
        with contextlib.suppress(OSError, DqliteError), self.client(name) as client:
            return client.leader()
        return None

    def _wait_told(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not all(map(self._is_told, self._processes)):
            time.sleep(_TICK_SECONDS)

    def _is_told(self, name: str) -> bool:
        return not self._runs(name) or b"started\n" in self._log(name).read_bytes()

    def _runs(self, name: str) -> bool:
        return name in self._processes and self._processes[name].poll() is None

    def _directory(self, name: str) -> Path:
        return Path(self._scratch.name) / name

    def _log(self, name: str) -> Path:
        return self._directory(name).with_suffix(".log")


def _addresses() -> Iterator[str]:
    """Addresses of the loopback interface that no other process of these tests uses."""
    high, low = divmod(os.getpid(), 1 << 16)
    host = f"127.{64 + high % 64}.{low >> 8}.{low & 255}"
    return (f"{host}:{port}" for port in _ports)


def _files(directory: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(directory.iterdir()):
        yield path.name, File(path.read_bytes())
