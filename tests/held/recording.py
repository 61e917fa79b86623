"""The truth about a recording: what each directory held, who it was, and what was committed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from forensics.check.tree import Tree, read_recording
from tests.held.raw_log import CHANGE, Entry, read_log

BASES = Path(__file__).resolve().parents[2] / "fixtures" / "bases"
_SNAPSHOT = re.compile(r"^snapshot-(\d+)-(\d+)-\d+$")
_OLDER = ("-before", "lag3")
_COVERED = 0

Line = tuple[Entry, ...]
"""A history from index 1 on."""


def names() -> list[str]:
    """Every recording."""
    return sorted(path.stem for path in BASES.glob("*.toml"))


@dataclass(frozen=True)
class Recording:
    """One recording.

    Attributes:
        name: its own.
        version: of the dqlite that wrote it.
        trees: files by directory.
        ids: raft IDs by directory.
        addresses: of the nodes, by directory, as their info.yaml tells.
        founding: voters by directory, where only a snapshot tells them.
    """

    name: str
    version: str
    trees: dict[str, Tree]
    ids: dict[str, int]
    addresses: dict[str, str]
    founding: dict[str, frozenset[int]]

    @cached_property
    def nodes(self) -> list[str]:
        """The directories as they were at the end."""
        return [name for name in sorted(self.trees) if not name.endswith(_OLDER)]

    @cached_property
    def older(self) -> list[str]:
        """Directories from before something happened to their node."""
        return [name for name in sorted(self.trees) if name.endswith(_OLDER)]

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Each directory's history, what only its snapshot or another directory tells of included."""
        logs = {name: read_log({file: one.content for file, one in tree.items()}) for name, tree in self.trees.items()}
        return {name: self._line(name, logs) for name in self.trees}

    def snapshots(self, name: str) -> list[tuple[int, int]]:
        """(index, term) of a directory's snapshots, oldest first."""
        found = (_SNAPSHOT.match(file) for file in self.trees[name])
        return sorted((int(one[2]), int(one[1])) for one in found if one)

    def committed(self, name: str) -> Line:
        """What was committed of a directory's history: what a majority of its last voters once stored."""
        line = self.lines[name]
        voters = voters_at(line)
        for length in range(len(line), 0, -1):
            holders = {self.ids[one] for one, other in self.lines.items() if other[:length] == line[:length]} & voters
            if len(holders) > len(voters) // 2:
                return line[:length]
        return ()

    @cached_property
    def histories(self) -> dict[str, Line]:
        """The committed histories that are no beginning of another one, by a directory that holds each to its end."""
        found: dict[str, Line] = {}
        every = sorted(((self.committed(name), name) for name in self.nodes), key=lambda one: (-len(one[0]), one[1]))
        for line, name in every:
            if not any(other[: len(line)] == line for other in found.values()):
                found[name] = line
        return found

    def _line(self, name: str, logs: dict[str, dict[int, Entry]]) -> Line:
        """Where the log was trimmed: as another directory of the same history has it, else unknown but equal."""
        log = dict(logs[name])
        last = max([*log, *(index for index, _ in self.snapshots(name))], default=0)
        first = min(log, default=last + 1)
        for other in logs.values():
            if first > 1 and first in log and other.get(first) == log[first]:
                log = {index: one for index, one in other.items() if index < first} | log
        line = [log.get(index) or Entry(_COVERED, 0) for index in range(1, last + 1)]
        if line and not any(one.kind == CHANGE for one in line):
            line[0] = Entry(line[0].term, CHANGE, 0, self.founding[name])
        return tuple(line)


def version_of(name: str) -> str:
    """Of the dqlite that wrote a recording."""
    return str(_manifest(name)["versions"]["dqlite"]).partition("-")[0]


def voters_at(line: Sequence[Entry]) -> frozenset[int]:
    """Of the newest configuration in a history."""
    return next((one.voters for one in reversed(line) if one.kind == CHANGE), frozenset())


@lru_cache(maxsize=2)
def recording(name: str) -> Recording:
    """One by name; a recording is some 75 MB of mostly zero bytes."""
    nodes, trees = _manifest(name)["node"], read_recording(BASES / f"{name}.tar.xz")
    return Recording(
        name,
        version_of(name),
        trees,
        {node["directory"]: int(node["id"]) for node in nodes},
        {name: str(yaml.safe_load(tree["info.yaml"].content)["Address"]) for name, tree in trees.items()},
        {node["directory"]: frozenset(_voters(node["load"].get("servers", []))) for node in nodes},
    )


def _manifest(name: str) -> dict[str, Any]:
    return tomllib.loads((BASES / f"{name}.toml").read_text("utf-8"))


def _voters(servers: list[dict[str, object]]) -> Iterator[int]:
    return (int(str(server["id"])) for server in servers if server["raft_role"] == 1)
