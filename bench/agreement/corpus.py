"""Recorded verdicts: which files they are in, and the directories that they were given on.

Corpora 1, 2 and 4 are about loading, corpus 3 about the whole start of a node.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.agreement import start_verdict
from bench.agreement.damage import configurations as fourth
from bench.agreement.damage import raft_files as first
from bench.agreement.damage import raft_files_and_names as second
from bench.agreement.damage import snapshot_contents as third
from bench.agreement.state import State
from bench.agreement.verdict import Verdict, differences, recorded, simulated
from forensics.forecast.reasons import Undefined
from forensics.forecast.versions import Library, library

DAMAGE: dict[int, Callable[[State, int], tuple[State, list[str]]]] = {
    1: first.damage,
    2: second.damage,
    3: third.damage,
    4: fourth.damage,
}
BASES = {1: 1, 2: 2, 3: 2, 4: 1}
_VERDICTS = re.compile(r"corpus-(\d)-(libraft|dqlite)-([\d.]+|main)\.jsonl\.gz")
_RAFT = {"0.15.0": "1.11", "0.18.0": "1.15"}


@dataclass(frozen=True, slots=True)
class Row:
    """One compared seed: `differences` is empty where library and model agree."""

    seed: int
    base: str
    operations: tuple[str, ...]
    differences: tuple[str, ...]
    undefined: Undefined | None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The verdicts of one library on one set of damaged directories."""

    path: Path
    number: int
    library: Library

    @property
    def name(self) -> str:
        """As in the file's name."""
        return self.path.name.removesuffix(".jsonl.gz")

    def rows(self) -> Iterator[dict[str, Any]]:
        """The recorded rows, in order of seeds."""
        with gzip.open(self.path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    def compare(self, row: dict[str, Any], bases: dict[str, State]) -> Row:
        """Damage the base again as recorded, ask the model, and compare."""
        state, operations = DAMAGE[self.number](bases[row["base"]], row["seed"])
        if operations != row["ops"]:
            wrong = f"the damage is not the recorded one: {row['ops']}"
            return Row(row["seed"], row["base"], tuple(operations), (wrong,), None)
        if self.number == 3:
            said = start_verdict.simulate(state, self.library, start_verdict.node_id(bases[row["base"]]))
            wrong_start = start_verdict.differences(row["result"], said)
            return Row(row["seed"], row["base"], tuple(operations), tuple(wrong_start), said.undefined)
        want: Verdict = recorded(row)
        got = simulated(state, self.library)
        return Row(row["seed"], row["base"], tuple(operations), tuple(differences(want, got)), got.undefined)


def corpora(directory: Path) -> list[Corpus]:
    """All recorded verdicts of a directory (fixtures/forecast)."""
    found = []
    for path in sorted(directory.iterdir()):
        name = _VERDICTS.fullmatch(path.name)
        if name is not None:
            version = _RAFT[name[3]] if name[2] == "libraft" else name[3]
            found.append(Corpus(path, int(name[1]), library(version)))
    return found


def load_bases(directory: Path, number: int) -> dict[str, State]:
    """The undamaged directories of one corpus, by name."""
    bases: dict[str, State] = {}
    with tarfile.open(directory / f"bases-{BASES[number]}.tar.xz") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                base, _, name = member.name.removeprefix("./").partition("/")
                bases.setdefault(base, {})[name] = content.read()
    return bases
